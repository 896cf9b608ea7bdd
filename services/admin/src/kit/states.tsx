/** What a screen shows when it has nothing to show yet, nothing at all, or not what was asked for. */
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { CombinedError } from 'urql';
import classes from './kit.module.css';
import { messages } from './messages.js';

interface EmptyProps {
  title: string;
  hint?: React.ReactNode;
  icon?: React.ReactNode;
  children?: React.ReactNode;
}

export function Empty({ title, hint, icon, children }: EmptyProps) {
  return (
    <div className={classes.empty}>
      {icon === undefined ? null : <div className={classes.emptyIcon}>{icon}</div>}
      <p className={classes.emptyTitle}>{title}</p>
      {hint === undefined ? null : <p className={classes.emptyHint}>{hint}</p>}
      {children === undefined ? null : <div className={classes.emptyActions}>{children}</div>}
    </div>
  );
}

export function Failure({ error, onRetry }: { error: CombinedError; onRetry: () => void }) {
  const first = error.graphQLErrors[0];
  const code = first?.extensions?.['code'];
  const response = error.response as Response | undefined;
  const requestId = response?.headers?.get('x-request-id');
  return (
    <div className={classes.failure} role="alert">
      <div>
        <p className={classes.emptyTitle}>{messages.failed}</p>
        <p className="muted">{first?.message ?? messages.unreachable}</p>
        <p className={classes.failureCode}>
          <code>{String(code ?? (error.networkError ? 'NETWORK' : 'UNKNOWN'))}</code>
          {requestId ? (
            <>
              {' '}
              {messages.requestId} <code>{requestId}</code>
            </>
          ) : null}
        </p>
      </div>
      <Button onClick={onRetry} leftSection={<IconRefresh size={15} />}>
        {messages.retry}
      </Button>
    </div>
  );
}

/** Grey bars in the shape of what comes; they appear after 150 ms only (by CSS). */
export function Bones({ lines = 3, tall = false }: { lines?: number; tall?: boolean }) {
  return (
    <div className={classes.bones} data-tall={tall} aria-hidden="true">
      {Array.from({ length: lines }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <i key={place} />
      ))}
    </div>
  );
}
