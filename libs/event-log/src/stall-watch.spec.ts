import { afterEach, expect, test } from '@jest/globals';
import { SystemClock } from '#libs/clock';
import { eventually } from '#libs/testing';
import { StallWatch } from './stall-watch.js';

const LOOK_MS = 5;
let watch: StallWatch;
let givenUp: number;
let asked: number;

afterEach(() => watch.stop());

function begin(pending: number): void {
  givenUp = 0;
  asked = 0;
  watch = new StallWatch({
    lookMs: LOOK_MS,
    pending: async () => {
      asked += 1;
      return pending;
    },
    giveUp: () => {
      givenUp += 1;
    },
  });
}

test('gives up a consumer that gives nothing of what it has', async () => {
  begin(7);
  await eventually(() => givenUp > 0);
});

test('lets one be that has nothing to give', async () => {
  begin(0);
  await eventually(() => asked > 2);
  expect(givenUp).toBe(0);
});

test('lets one be whose reader is at work', async () => {
  begin(7);
  watch.got();
  await new SystemClock().sleep(20 * LOOK_MS);
  expect(asked).toBe(0);
  watch.waits();
  await eventually(() => givenUp > 0);
});
