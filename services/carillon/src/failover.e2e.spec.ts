import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createTask, noopTask, type Services, startServices } from '#libs/rig';
import { startTestNats, type TestNats } from '#libs/testing';
import { clock, endAndProve, say, untilSlots } from './testing/proof.js';

const SECOND_MS = 1_000;
const TAKEOVER_MAX_MS = 1_500;
const HAND_OVER_MAX_MS = 250;
const KILLS = 10;
const HAND_OVERS = 4;
const DISPATCH_KILLS = 4;
const BELLS = 10;
const DUE_INSTANTS = 200;

jest.setTimeout(120_000);

let nats: TestNats;
let services: Services;

beforeEach(async () => {
  nats = await startTestNats();
  services = await startServices({
    natsUrl: nats.url,
    env: { CARILLON_SHARDS: '1' },
    replicas: { definitions: 1, ticker: 2, dispatch: 2, execution: 2 },
  });
  // Tasks that all ring each second.
  for (let bell = 0; bell < BELLS; bell++) await createTask(services.nc, noopTask());
});
afterEach(async () => {
  await services?.stop();
  await nats?.stop();
});

/** Kills who holds a lease at a moment of the second, and gives how long nobody held it. */
async function killLeader(service: 'ticker' | 'dispatch', ofSecondMs: number): Promise<number> {
  const lease = `${service}.0`;
  const { process: leader, term } = await services.leader(lease);
  const phaseMs = clock.now() % SECOND_MS;
  await clock.sleep((ofSecondMs - phaseMs + SECOND_MS) % SECOND_MS);
  const killedAtMs = clock.monotonic();
  await leader.kill9();
  await services.leader(lease, term);
  const takeoverMs = clock.monotonic() - killedAtMs;
  await services.start(service);
  return takeoverMs;
}

describe('the leading ticker', () => {
  test('may be killed ten times: each slot has one outcome, and none is late for it', async () => {
    const takeoversMs: number[] = [];
    // At ten phases of the second, the worst among them: just before an instant.
    for (let kill = 0; kill < KILLS; kill++)
      takeoversMs.push(await killLeader('ticker', 990 - kill * 100));
    await untilSlots(services, DUE_INSTANTS);
    // One term for each kill: nobody was deposed without need.
    expect((await services.leader('ticker.0')).term).toBe(KILLS + 1);
    const { slots, runs } = await endAndProve(services);

    // One that is killed within its first second may have written nothing.
    expect(slots.terms).toBeGreaterThan(KILLS / 2);
    expect(runs).toMatchObject({ lost: 0, inVain: 0, attempts: runs.executions });
    const takeover = Math.max(...takeoversMs);
    const late = slots.latenessMs.at(-1) ?? 0;
    say(`${KILLS} kills of the ticker in ${slots.slots} slots, worst ms`, { takeover, late });
    expect(takeover).toBeLessThan(TAKEOVER_MAX_MS);
    expect(late).toBeLessThan(TAKEOVER_MAX_MS);
  });

  test('hands over at once when it is told to end', async () => {
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
    expect((await services.leader('ticker.0')).term).toBe(HAND_OVERS + 1);
    const { slots } = await endAndProve(services);

    const handOver = Math.max(...handOversMs);
    const late = slots.latenessMs.at(-1) ?? 0;
    say(`${HAND_OVERS} hand-overs in ${slots.slots} slots, worst ms`, { handOver, late });
    expect(handOver).toBeLessThan(HAND_OVER_MAX_MS);
  });
});

test('the leading dispatcher may be killed: nothing is lost and nothing runs twice', async () => {
  const takeoversMs: number[] = [];
  // Around an instant: the slots come in, offers go out, facts come back.
  for (let kill = 0; kill < DISPATCH_KILLS; kill++)
    takeoversMs.push(await killLeader('dispatch', kill * 8));
  const { slots, runs } = await endAndProve(services);

  expect(runs).toMatchObject({ lost: 0, attempts: runs.executions });
  const takeover = Math.max(...takeoversMs);
  const { inVain } = runs;
  const what = `${DISPATCH_KILLS} kills of the dispatcher in ${slots.slots} slots`;
  say(`${what}, worst ms`, { takeover, inVain });
  expect(takeover).toBeLessThan(TAKEOVER_MAX_MS);
});
