import { showNotification } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import classes from './kit.module.css';
import { messages } from './messages.js';

/** The button is a bare cross. */
const CLOSE = { 'aria-label': messages.close };

const DONE_FOR_MS = 5000;
const REFUSED_FOR_MS = 10_000;

/** Something that was asked for has happened. */
export function done(title: string, message?: React.ReactNode): void {
  showNotification({
    title,
    message,
    autoClose: DONE_FOR_MS,
    icon: <IconCheck size={16} />,
    className: classes.toast ?? '',
    closeButtonProps: CLOSE,
    'data-tone': 'done',
  });
}

/** Something that was asked for did not happen, and why. */
export function refused(title: string, message: React.ReactNode): void {
  showNotification({
    title,
    message,
    role: 'alert',
    autoClose: REFUSED_FOR_MS,
    icon: <IconAlertTriangle size={16} />,
    className: classes.toast ?? '',
    closeButtonProps: CLOSE,
    'data-tone': 'refused',
  });
}
