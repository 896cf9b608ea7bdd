import { type ShownStatus, statusLabel } from './status.js';
import classes from './status.module.css';
import { StatusIcon } from './status-icon.js';

interface StatusBadgeProps {
  status: ShownStatus;
  /** Instead of the state's own word. */
  label?: string | undefined;
}

/** Shape, colour and word: never one of them alone. */
export function StatusBadge({ status, label }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-status={status}>
      <StatusIcon status={status} size={13} />
      {label ?? statusLabel[status]}
    </span>
  );
}

/** The same without a tint, for dense rows. */
export function StatusText({ status, label }: StatusBadgeProps) {
  return (
    <span className={classes.text} data-status={status}>
      <StatusIcon status={status} />
      <span>{label ?? statusLabel[status]}</span>
    </span>
  );
}
