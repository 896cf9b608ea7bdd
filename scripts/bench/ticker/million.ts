// A million schedules in one ticker: how long it takes to read them from the log, what it costs to
// have them, and how late a herd is decided.
import { SystemClock } from '#libs/clock';
import { type Services, startServices } from '#libs/rig';
import { removeFolder, temporaryFolder } from '#libs/testing';
import { type BenchOptions, distOf } from '../bench.ts';
import { figuresOf, ms } from '../figures.ts';
import { usageOf } from '../process-usage.ts';
import { profileEnv } from '../profile.ts';
import { say, sayTable } from '../say.ts';
import { appendTasks } from './append-tasks.ts';
import { decidedSince, latenesses, untilTick } from './decided.ts';
import { startFullLog } from './full-log.ts';
import { EXPRESSIONS, herdTask, ZONES } from './schedules.ts';

const SCHEDULES = 1_000_000;
const HERDS = [10_000, 100_000];
const LOADED_WITHIN_MS = 180_000;
const STEADY_MS = 30_000;
const SETTLE_MS = 5_000;
/** Time for the last definitions of a herd to reach the ticker, before it falls due. */
const HERD_LEAD_MS = 8_000;
/** Appends with a sync each, on a slow disk. */
const APPENDS_PER_SECOND_MIN = 1_000;
const DECIDED_WITHIN_MS = 60_000;

const clock = new SystemClock();

export async function measureMillion(options: BenchOptions): Promise<void> {
  const folder = await temporaryFolder('bench');
  const filling = clock.monotonic();
  const { server, lastSeq } = await startFullLog(folder, SCHEDULES);
  say(`\nLog        ${SCHEDULES} schedules, ${EXPRESSIONS} expressions, ${ZONES.length} zones,`);
  say(
    `           written in ${ms(clock.monotonic() - filling)} (without sync; from here on with it)`,
  );
  let services: Services | undefined;
  try {
    const env = { ...profileEnv(options), CARILLON_SHARDS: '1' };
    services = await startServices({ natsUrl: server.url, dist: distOf(options), env });
    const startedAt = clock.monotonic();
    const { pid } = services.launch('ticker');
    await knows(services, lastSeq, LOADED_WITHIN_MS);
    const { rssMb, peakMb, cpuMs } = usageOf(pid);
    say(
      `Load       ${ms(clock.monotonic() - startedAt)} from the start of the process to the first`,
    );
    say(`           decision that knew all of them (CPU ${ms(cpuMs)})`);
    say(`Memory     ${Math.round(rssMb)} MB, at most ${Math.round(peakMb)} MB`);
    await measureSteady(services, pid);
    for (const size of HERDS) await measureHerd(services, pid, size);
    for (const service of services.running) await service.terminate();
  } finally {
    await services?.stop();
    await server.kill9();
    await removeFolder(folder);
  }
}

function knows({ log }: Services, lastSeq: number, withinMs: number): Promise<void> {
  return untilTick(log, ({ definitionsSeq }) => definitionsSeq >= lastSeq, withinMs);
}

async function measureSteady({ log }: Services, pid: number): Promise<void> {
  await clock.sleep(SETTLE_MS);
  const fromSeq = (await log.lastSeq('TICKS')) + 1;
  const before = usageOf(pid);
  const startedAt = clock.monotonic();
  await clock.sleep(STEADY_MS);
  const elapsedMs = clock.monotonic() - startedAt;
  const share = (usageOf(pid).cpuMs - before.cpuMs) / elapsedMs;
  const { slots, commits } = await decidedSince(log, fromSeq);
  const perSecond = (count: number) => (count / (elapsedMs / 1_000)).toFixed(1);
  say(`Steady     ${perSecond(slots)} slots in ${perSecond(commits)} commits a second`);
  say(`           cost ${(share * 100).toFixed(1)} % of a core`);
}

async function measureHerd(services: Services, pid: number, size: number): Promise<void> {
  const { nc, log } = services;
  const writingMs = (size / APPENDS_PER_SECOND_MIN) * 1_000;
  const dueAtMs = Math.ceil((clock.now() + writingMs + HERD_LEAD_MS) / 1_000) * 1_000;
  const lastSeq = await appendTasks(nc, herd(size, dueAtMs));
  await knows(services, lastSeq, HERD_LEAD_MS);
  if (clock.now() >= dueAtMs) throw new Error('the herd was not there in time');
  const fromSeq = (await log.lastSeq('TICKS')) + 1;
  await clock.sleep(dueAtMs - clock.now() - 200);
  const before = usageOf(pid);
  await untilTick(log, ({ decidedToMs }) => decidedToMs >= dueAtMs, DECIDED_WITHIN_MS);
  const after = usageOf(pid);
  const late = await latenesses(log, fromSeq, dueAtMs);
  const { count, p50, p99, max } = figuresOf(late);
  say(`\nHerd       ${count} slots due in one instant, decided and appended`);
  sayTable([
    ['from the slot on', 'p50', 'p99', 'last'],
    ['decision stored', ms(p50), ms(p99), ms(max)],
  ]);
  say(`CPU ${ms(after.cpuMs - before.cpuMs)}, memory at most ${Math.round(after.peakMb)} MB`);
}

function* herd(size: number, dueAtMs: number) {
  for (let place = 0; place < size; place++) yield herdTask(`herd${size}`, place, dueAtMs);
}
