import { lazy, Suspense } from 'react';
import type { ConfirmProps } from './confirm-dialog.js';

const ConfirmDialog = lazy(async () => ({
  default: (await import('./confirm-dialog.js')).ConfirmDialog,
}));

/** Asked before anything that cannot be taken back; the dialog's code comes when it is first asked. */
export function Confirm(props: ConfirmProps) {
  return (
    <Suspense>
      <ConfirmDialog {...props} />
    </Suspense>
  );
}
