import { SystemClock } from '#libs/clock';

const POLL_MS = 20;
const WITHIN_MS = 5_000;

/** What an expectation last said before its time was up. */
export class NeverHappened extends Error {
  readonly code = 'never-happened';

  constructor(withinMs: number, cause: unknown) {
    super(`not within ${withinMs} ms; last: ${String(cause)}`, { cause });
  }
}

/**
 * Asks again until `attempt` neither throws nor gives `false`, and gives what it gave. For a spec
 * that has no signal to wait on.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { withinMs = WITHIN_MS }: { withinMs?: number } = {},
): Promise<T> {
  const clock = new SystemClock();
  const untilMs = clock.monotonic() + withinMs;
  for (;;) {
    let why: unknown;
    try {
      const answer = await attempt();
      if (answer !== false) return answer;
      why = 'the answer was false';
    } catch (error) {
      why = error;
    }
    if (clock.monotonic() > untilMs) throw new NeverHappened(withinMs, why);
    await clock.sleep(POLL_MS);
  }
}
