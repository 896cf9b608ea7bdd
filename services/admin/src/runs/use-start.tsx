import { useRouter } from '@tanstack/react-router';
import type { Answer } from '../graphql/actions.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { messages } from './messages.js';
import type { RunAccepted } from './start-run.js';

/** Starts a run, one at a time, and says that it was accepted, with the way to it. */
export function useStart<A extends unknown[]>(
  start: (...args: A) => Promise<Answer<RunAccepted>>,
  onAccepted?: (accepted: RunAccepted) => void,
): [run: (...args: A) => void, busy: boolean] {
  const router = useRouter();
  return useAction(start, (accepted, ..._asked: A) => {
    // What is said outlives the page, and stands outside of the router.
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
    onAccepted?.(accepted);
  });
}
