import { Drawer as KitDrawer } from '@mantine/core';
import { messages } from './messages.js';

interface DrawerProps {
  title: React.ReactNode;
  onClose: () => void;
  children: React.ReactNode;
}

/** Something looked at beside the list that it is in; the list stays where it was. */
export function Drawer({ title, onClose, children }: DrawerProps) {
  return (
    <KitDrawer
      opened
      onClose={onClose}
      title={title}
      position="right"
      size={560}
      lockScroll={false}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': messages.close }}
    >
      {children}
    </KitDrawer>
  );
}
