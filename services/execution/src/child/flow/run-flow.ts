import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Clock } from '#libs/clock';
import type { Channel } from '../channel.js';
import { failureOf, JobFailure } from '../job-failure.js';
import type { Job } from '../protocol.js';
import { describeStep } from './describe-step.js';
import { type OpenBrowser, openBrowser } from './open-browser.js';
import { playStep } from './play-step.js';
import type { Player } from './player.js';

/** A page that hangs must not keep the run from ending; a busy machine may take its time. */
const SCREENSHOT_TIMEOUT_MS = 5_000;
/** Within the grace of a stop. */
const LAST_SCREENSHOT_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 2_000;

type FlowJob = Extract<Job, { kind: 'flow' }>;

export interface FlowRunDeps {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Plays the flow in a browser of its own, and leaves a picture of where it ended. */
export async function runFlow(job: FlowJob, deps: FlowRunDeps): Promise<void> {
  const { channel, clock, signal } = deps;
  const { flow } = job;
  const startedAtMs = clock.monotonic();
  const open = await openBrowser(job.browser, flow, channel);
  channel.log('debug', `Chromium ${open.browser.version()} is open`, {
    durationMs: Math.round(clock.monotonic() - startedAtMs),
  });
  const player: Player = {
    flow,
    context: open.context,
    main: open.page,
    channel,
    clock,
    signal,
  };
  try {
    await playAll(player, open);
    await takePicture(player, 'end.png', SCREENSHOT_TIMEOUT_MS);
  } catch (error) {
    const { code, message } = failureOf(error);
    if (code !== 'STOPPED') channel.log('error', message, { code });
    if (code === 'STOPPED') await takePicture(player, 'stopped.png', LAST_SCREENSHOT_TIMEOUT_MS);
    else await takePicture(player, 'failure.png', SCREENSHOT_TIMEOUT_MS);
    throw error;
  } finally {
    await closeBrowser(open, clock);
  }
}

async function playAll(player: Player, open: OpenBrowser): Promise<void> {
  const { flow, channel, clock, signal } = player;
  const stopped = new Promise<never>((_resolve, reject) => {
    const onStop = () => reject(new JobFailure('STOPPED', 'It was stopped.'));
    if (signal.aborted) onStop();
    signal.addEventListener('abort', onStop, { once: true });
    open.browser.on('disconnected', () =>
      reject(new JobFailure('BROWSER_CRASHED', 'Chromium ended in the middle of the flow.')),
    );
  });
  // It may reject after the last step, when nobody waits for it any more.
  stopped.catch(() => {});
  for (const [at, step] of flow.steps.entries()) {
    const metadata = { step: at + 1, steps: flow.steps.length, type: step.type };
    channel.log('info', `Step ${at + 1} of ${flow.steps.length}: ${describeStep(step)}`, metadata);
    const startedAtMs = clock.monotonic();
    await Promise.race([playStep(player, step), stopped]);
    channel.log('debug', `Step ${at + 1} done`, {
      ...metadata,
      durationMs: Math.round(clock.monotonic() - startedAtMs),
    });
  }
}

/** Of the page that was opened last; none is no reason for a run to fail. */
async function takePicture(player: Player, name: string, timeout: number): Promise<void> {
  const page: Page | undefined = player.context.pages().at(-1);
  if (page === undefined || page.isClosed()) return;
  const file = join(tmpdir(), name);
  try {
    await page.screenshot({ path: file, timeout, animations: 'disabled' });
    player.channel.send({ type: 'artifact', name, mediaType: 'image/png', file });
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
    player.channel.log('warn', `No screenshot could be taken: ${said}`);
  }
}

/** What does not close in time is ended by the supervisor, with the whole tree. */
async function closeBrowser(open: OpenBrowser, clock: Clock): Promise<void> {
  const enough = new AbortController();
  await Promise.race([
    open.browser.close().catch(() => {}),
    clock.sleep(CLOSE_TIMEOUT_MS, enough.signal).catch(() => {}),
  ]);
  enough.abort();
}
