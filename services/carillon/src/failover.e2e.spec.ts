import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { checkRuns, checkSlots, type SlotReport } from '#libs/audit';
import { SystemClock } from '#libs/clock';
import { createTask, noopTask, type Services, startServices } from '#libs/rig';
import { eventually, startTestNats, type TestNats } from '#libs/testing';

const SECOND_MS = 1_000;
const TAKEOVER_MAX_MS = 1_500;
const HAND_OVER_MAX_MS = 250;
const KILLS = 10;
const SCHEDULES = 10;
const DUE_INSTANTS = 200;
const HAND_OVERS = 4;
const DISPATCH_KILLS = 4;
const ENDED_WITHIN_MS = 20_000;

jest.setTimeout(120_000);

const clock = new SystemClock();
let nats: TestNats;
let services: Services;

beforeEach(async () => {
  nats = await startTestNats();
  services = await startServices({
    natsUrl: nats.url,
    env: { CARILLON_SHARDS: '1' },
    replicas: { definitions: 1, ticker: 2, dispatch: 2, execution: 2 },
  });
});
afterEach(async () => {
  await services?.stop();
  await nats?.stop();
});

/** Ten tasks that all ring each second. */
async function tenBells(): Promise<void> {
  for (let i = 0; i < SCHEDULES; i++) await createTask(services.nc, noopTask());
}

async function slots(untilMs?: number): Promise<SlotReport> {
  const [definitions, ticks] = await Promise.all([
    services.commits('DEFINITIONS'),
    services.commits('TICKS'),
  ]);
  return checkSlots(
    { definitions, ticks },
    { shards: 1, ...(untilMs === undefined ? {} : { untilMs }) },
  );
}

async function runs() {
  const [ticks, dispatch, attempts] = await Promise.all([
    services.commits('TICKS'),
    services.commits('DISPATCH'),
    services.commits('ATTEMPTS'),
  ]);
  return checkRuns({ ticks, dispatch, attempts }, { isOver: true });
}

/** Ends the ringing, lets what was rung come to its end, and holds the whole log to its promises. */
async function quiesce() {
  const untilMs = clock.now() - SECOND_MS;
  await untilSlots((await slots()).slots + 2 * SCHEDULES);
  await Promise.all(services.of('ticker').map((ticker) => ticker.terminate()));
  await eventually(async () => expect((await runs()).findings).toEqual([]), {
    withinMs: ENDED_WITHIN_MS,
  });
  const [report, ended] = [await slots(untilMs), await runs()];
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ missed: 0, skipped: 0, fired: report.slots });
  expect(ended.succeeded + ended.skipped).toBe(report.slots);
  expect(await services.replay('verify')).toMatchObject({ exitCode: 0 });
  return { report, ended };
}

async function untilSlots(count: number): Promise<void> {
  await eventually(async () => expect((await slots()).slots).toBeGreaterThanOrEqual(count), {
    withinMs: ENDED_WITHIN_MS,
  });
}

function untilPhase(ofSecondMs: number): Promise<void> {
  const phaseMs = clock.now() % SECOND_MS;
  return clock.sleep((ofSecondMs - phaseMs + SECOND_MS) % SECOND_MS);
}

function say(what: string, figures: Readonly<Record<string, number>>): void {
  const words = Object.entries(figures).map(([name, value]) => `${name} ${Math.round(value)}`);
  process.stdout.write(`${what}: ${words.join(', ')}\n`);
}

describe('the leading ticker', () => {
  test('may be killed ten times: each slot has one outcome, and none is late for it', async () => {
    await tenBells();
    const takeoversMs: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const { process: leader, term } = await services.leader('ticker.0');
      // At ten phases of the second, the worst among them: just before an instant.
      await untilPhase(990 - kill * 100);
      const killedAtMs = clock.monotonic();
      await leader.kill9();
      await services.leader('ticker.0', term);
      takeoversMs.push(clock.monotonic() - killedAtMs);
      await services.start('ticker');
    }
    await untilSlots(DUE_INSTANTS);
    // One term for each kill: nobody was deposed without need.
    expect((await services.leader('ticker.0')).term).toBe(KILLS + 1);
    const { report, ended } = await quiesce();

    // One that is killed within its first second may have written nothing.
    expect(report.terms).toBeGreaterThan(KILLS / 2);
    expect(ended).toMatchObject({ lost: 0, inVain: 0, attempts: ended.executions });
    const worst = Math.max(...takeoversMs);
    const late = report.latenessMs.at(-1) ?? 0;
    say(`${KILLS} kills of the ticker in ${report.slots} slots`, { takeover: worst, late });
    expect(worst).toBeLessThan(TAKEOVER_MAX_MS);
    expect(late).toBeLessThan(TAKEOVER_MAX_MS);
  });

  test('hands over at once when it is told to end', async () => {
    await tenBells();
    const handOversMs: number[] = [];
    for (let round = 0; round < HAND_OVERS; round++) {
      const { process: leader, term } = await services.leader('ticker.0');
      const [next] = services.of('ticker').filter((one) => one !== leader);
      const toldAtMs = clock.now();
      const ending = leader.terminate();
      const line = await next?.said(({ msg, term: its }) => msg === 'leading' && its === term + 1);
      handOversMs.push(Date.parse(line?.time ?? '') - toldAtMs);
      expect(await ending).toBe(0);
      await services.start('ticker');
    }
    const { report } = await quiesce();

    expect(report.terms).toBeLessThanOrEqual(HAND_OVERS + 1);
    const worst = Math.max(...handOversMs);
    const late = report.latenessMs.at(-1) ?? 0;
    say(`${HAND_OVERS} hand-overs in ${report.slots} slots`, { handOver: worst, late });
    expect(worst).toBeLessThan(HAND_OVER_MAX_MS);
  });
});

test('the leading dispatcher may be killed: nothing is lost and nothing runs twice', async () => {
  await tenBells();
  const takeoversMs: number[] = [];
  for (let kill = 0; kill < DISPATCH_KILLS; kill++) {
    const { process: leader, term } = await services.leader('dispatch.0');
    // Around an instant: the slots come in, offers go out, facts come back.
    await untilPhase(kill * 8);
    const killedAtMs = clock.monotonic();
    await leader.kill9();
    await services.leader('dispatch.0', term);
    takeoversMs.push(clock.monotonic() - killedAtMs);
    await services.start('dispatch');
  }
  const { report, ended } = await quiesce();

  expect(ended).toMatchObject({ lost: 0, attempts: ended.executions });
  const takeover = Math.max(...takeoversMs);
  const { inVain } = ended;
  say(`${DISPATCH_KILLS} kills of the dispatcher in ${report.slots} slots`, { takeover, inVain });
  expect(takeover).toBeLessThan(TAKEOVER_MAX_MS);
});
