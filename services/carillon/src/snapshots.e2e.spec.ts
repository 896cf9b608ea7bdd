import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createTask, noopTask, type Services, startServices } from '#libs/rig';
import { startTestNats, type TestNats } from '#libs/testing';
import { clock, endAndProve, untilSlots } from './testing/proof.js';

const BELLS = 10;
const KILLS = 6;
const COMMITS_A_SNAPSHOT = 2;

jest.setTimeout(120_000);

let nats: TestNats;
let services: Services;

beforeEach(async () => {
  nats = await startTestNats();
  services = await startServices({
    natsUrl: nats.url,
    env: { CARILLON_SHARDS: '1', CARILLON_SNAPSHOT_COMMITS: `${COMMITS_A_SNAPSHOT}` },
    replicas: { definitions: 1, ticker: 1, dispatch: 1, execution: 1 },
  });
  for (let bell = 0; bell < BELLS; bell++) await createTask(services.nc, noopTask());
});
afterEach(async () => {
  await services?.stop();
  await nats?.stop();
});

test('a dispatcher that is killed goes on from a snapshot, and the audit finds nothing', async () => {
  await untilSlots(services, 2 * BELLS);
  let before = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const [running] = services.of('dispatch');
    if (running === undefined) throw new Error('no dispatcher runs');
    await running.said(({ msg }) => msg === 'kept a snapshot');
    // At another moment each time: some of them while a snapshot is being written.
    await clock.sleep(kill * 37);
    await running.kill9();
    await services.start('dispatch');
    const [next] = services.of('dispatch').filter((one) => one !== running);
    const line = await next?.said(({ msg }) => msg === 'going on from a snapshot');
    expect(Number(line?.['position'])).toBeGreaterThan(before);
    before = Number(line?.['position']);
    await untilSlots(services, (3 + kill) * BELLS);
  }
  const { runs } = await endAndProve(services);
  expect(runs).toMatchObject({ lost: 0, attempts: runs.executions });
});
