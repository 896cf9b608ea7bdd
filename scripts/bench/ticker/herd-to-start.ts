// A herd through the whole of Carillon: from one instant to the start and the end of each run.
import { SystemClock } from '#libs/clock';
import { decodeCommit } from '#libs/contracts';
import { type Services, startServices } from '#libs/rig';
import { eventually, startTestNats } from '#libs/testing';
import { type BenchOptions, distOf } from '../bench.ts';
import { profileEnv } from '../profile.ts';
import { appendTasks } from './append-tasks.ts';
import { CONCURRENCY, HERD } from './herd.ts';
import { herdTask } from './schedules.ts';

const APPENDS_PER_SECOND_MIN = 1_000;
const LEAD_MS = 3_000;
const ENDED_WITHIN_MS = 120_000;

export interface HerdRun {
  readonly decidedMs: readonly number[];
  readonly startedMs: readonly number[];
  readonly endedMs: readonly number[];
}

export async function measureHerdToStart(options: BenchOptions): Promise<HerdRun> {
  const nats = await startTestNats();
  let services: Services | undefined;
  try {
    services = await startServices({
      natsUrl: nats.url,
      dist: distOf(options),
      replicas: { ticker: 1, dispatch: 1, execution: 1 },
      env: {
        ...profileEnv(options),
        CARILLON_SHARDS: '1',
        CARILLON_SYSTEM_SLOTS: String(CONCURRENCY),
        CARILLON_BROWSER_SLOTS: '0',
      },
    });
    const dueAtMs = await makeHerd(services);
    await allEnded(services, dueAtMs);
    const run = await collect(services, dueAtMs);
    for (const service of services.running) await service.terminate();
    return run;
  } finally {
    await services?.stop();
    await nats.stop();
  }
}

async function makeHerd({ nc }: Services): Promise<number> {
  const clock = new SystemClock();
  const writingMs = (HERD / APPENDS_PER_SECOND_MIN) * 1_000;
  const dueAtMs = Math.ceil((clock.now() + writingMs + LEAD_MS) / 1_000) * 1_000;
  await appendTasks(
    nc,
    Array.from({ length: HERD }, (_, place) => herdTask('herd', place, dueAtMs)),
  );
  if (clock.now() >= dueAtMs) throw new Error('the herd was not there in time');
  return dueAtMs;
}

/** Follows the facts as they come; whoever asks again and again takes the cores from the others. */
async function allEnded({ log }: Services, dueAtMs: number): Promise<void> {
  const ending = new AbortController();
  let ended = 0;
  const following = (async () => {
    for await (const { bytes } of log.follow({ stream: 'ATTEMPTS', fromSeq: 1 }, ending.signal)) {
      for (const { event } of decodeCommit(bytes).events)
        if (event.$typeName === 'attempt.v1.AttemptEnded') ended += 1;
      if (ended >= HERD) return;
    }
  })();
  try {
    const untilMs = dueAtMs + ENDED_WITHIN_MS;
    const withinMs = untilMs - new SystemClock().now();
    await Promise.race([following, eventually(() => ended >= HERD, { withinMs })]);
  } finally {
    ending.abort();
    await following;
  }
}

async function collect({ log }: Services, dueAtMs: number): Promise<HerdRun> {
  const decidedMs: number[] = [];
  const startedMs: number[] = [];
  const endedMs: number[] = [];
  for await (const { bytes, storedAtMs } of log.read({ stream: 'TICKS', fromSeq: 1 }))
    for (const { event } of decodeCommit(bytes).events)
      if (event.$typeName === 'tick.v1.SlotsDecided')
        for (const _ of event.slots) decidedMs.push(storedAtMs - dueAtMs);
  for await (const { bytes } of log.read({ stream: 'ATTEMPTS', fromSeq: 1 }))
    for (const { event } of decodeCommit(bytes).events) {
      if (event.$typeName === 'attempt.v1.AttemptStarted')
        startedMs.push(event.startedAtMs - dueAtMs);
      if (event.$typeName === 'attempt.v1.AttemptEnded') endedMs.push(event.endedAtMs - dueAtMs);
    }
  return { decidedMs, startedMs, endedMs };
}
