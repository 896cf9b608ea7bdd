import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import classes from './kit.module.css';
import { messages } from './messages.js';

export interface ConfirmProps {
  title: string;
  action: string;
  onClose: () => void;
  onConfirm: () => Promise<void>;
  children: React.ReactNode;
}

/** Asked before anything that cannot be taken back. */
export function ConfirmDialog({ title, action, onClose, onConfirm, children }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={440}
      closeButtonProps={{ 'aria-label': messages.cancel }}
    >
      {children}
      <div className={classes.confirmActions}>
        <Button onClick={onClose}>{messages.cancel}</Button>
        <Button
          variant="filled"
          color="danger"
          loading={busy}
          onClick={() => {
            setBusy(true);
            void onConfirm().finally(() => setBusy(false));
          }}
        >
          {action}
        </Button>
      </div>
    </Modal>
  );
}
