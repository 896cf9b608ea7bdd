import { router } from '../app/router.js';
import { done } from '../kit/toast.js';
import { messages } from './messages.js';

/** Says that a run was accepted, with the way to it. */
export function toldOfRun(accepted: { executionId: string; queuePosition: number }): void {
  const to = { to: '/runs/$runId', params: { runId: accepted.executionId } } as const;
  done(
    messages.queued,
    <>
      {messages.queuedAt(accepted.queuePosition)}{' '}
      <a
        className="link"
        href={router.buildLocation(to).href}
        onClick={(event) => {
          event.preventDefault();
          void router.navigate(to);
        }}
      >
        {messages.openRun}
      </a>
    </>,
  );
}
