import type { BrowserContext, Frame, Page } from 'playwright-core';
import type { Clock } from '#libs/clock';
import { type Flow, STEP_TIMEOUT_DEFAULT_MS, type Step } from '#libs/flow';
import type { Channel } from '../channel.js';
import { JobFailure } from '../job-failure.js';

/** What the steps of one flow are played on. */
export interface Player {
  readonly flow: Flow;
  readonly context: BrowserContext;
  /** The page of steps whose target is `main`. */
  readonly main: Page;
  readonly channel: Channel;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Loading a page takes longer than finding an element on it. */
export const NAVIGATION_TIMEOUT_DEFAULT_MS = 30_000;
/** How often is looked again where the browser gives no signal. */
export const POLL_MS = 50;

export function timeoutOf(player: Player, step: Step): number {
  return (
    step.timeout ??
    player.flow.timeout ??
    (step.type === 'navigate' ? NAVIGATION_TIMEOUT_DEFAULT_MS : STEP_TIMEOUT_DEFAULT_MS)
  );
}

/**
 * Asks until there is an answer, at most `timeoutMs`; undefined when there was none. Errors of a page
 * that is being replaced are part of the game and only count when time is up.
 */
export async function pollFor<T>(
  player: Player,
  timeoutMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const untilMs = player.clock.monotonic() + timeoutMs;
  for (;;) {
    if (player.signal.aborted) throw new JobFailure('STOPPED', 'It was stopped.');
    const late = player.clock.monotonic() >= untilMs;
    const answer = await ask().catch((error: unknown) => {
      if (late || isGone(error)) throw error;
      return undefined;
    });
    if (answer !== undefined || late) return answer;
    await player.clock.sleep(POLL_MS);
  }
}

/** The page that the step is meant for; a page that opens only now is waited for. */
export async function pageOf(player: Player, step: Step, timeoutMs: number): Promise<Page> {
  const target = 'target' in step ? step.target : undefined;
  const page = await pollFor(player, timeoutMs, async () =>
    target === undefined || target === 'main'
      ? player.main
      : player.context.pages().find((one) => sameAddress(one.url(), target)),
  );
  if (page === undefined)
    throw new JobFailure('PAGE_NOT_FOUND', `No page with the address ${target} was opened.`);
  if (page.isClosed())
    throw new JobFailure('PAGE_CLOSED', 'The page is closed already.', { final: true });
  return page;
}

/** The frame that the step is meant for: a path of positions among the frames of the page. */
export async function frameOf(player: Player, step: Step, timeoutMs: number): Promise<Frame> {
  const page = await pageOf(player, step, timeoutMs);
  const path = 'frame' in step ? (step.frame ?? []) : [];
  const frame = await pollFor(player, timeoutMs, async () => {
    let one: Frame | undefined = page.mainFrame();
    for (const at of path) one = one?.childFrames()[at];
    return one;
  });
  if (frame === undefined)
    throw new JobFailure('FRAME_NOT_FOUND', `The page has no frame ${path.join('.')}.`);
  return frame;
}

export function sameAddress(one: string, other: string): boolean {
  const a = URL.parse(one);
  const b = URL.parse(other);
  return a !== null && b !== null ? a.href === b.href : one === other;
}

/** Page, context or browser went away under a running call. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof Error &&
    /(page|context|browser|target|frame).{0,40}(closed|crashed|detached)/i.test(error.message)
  );
}
