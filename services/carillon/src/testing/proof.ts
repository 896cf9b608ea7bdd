import { expect } from '@jest/globals';
import { checkRuns, checkSlots, type RunReport, type SlotReport } from '#libs/audit';
import { SystemClock } from '#libs/clock';
import type { Services } from '#libs/rig';
import { eventually } from '#libs/testing';

const SECOND_MS = 1_000;
const ENDED_WITHIN_MS = 30_000;

export const clock = new SystemClock();

export async function slotsOf(services: Services, untilMs = 0): Promise<SlotReport> {
  const [definitions, ticks] = await Promise.all([
    services.commits('DEFINITIONS'),
    services.commits('TICKS'),
  ]);
  return checkSlots({ definitions, ticks }, { shards: 1, untilMs });
}

export async function runsOf(services: Services): Promise<RunReport> {
  const [ticks, dispatch, attempts] = await Promise.all([
    services.commits('TICKS'),
    services.commits('DISPATCH'),
    services.commits('ATTEMPTS'),
  ]);
  return checkRuns({ ticks, dispatch, attempts }, { isOver: true });
}

export async function untilSlots(services: Services, count: number): Promise<void> {
  await eventually(
    async () => expect((await slotsOf(services)).slots).toBeGreaterThanOrEqual(count),
    { withinMs: ENDED_WITHIN_MS },
  );
}

/** Everything that was rung has come to its end. */
export async function untilOver(services: Services): Promise<RunReport> {
  await eventually(async () => expect((await runsOf(services)).findings).toEqual([]), {
    withinMs: ENDED_WITHIN_MS,
  });
  return runsOf(services);
}

/**
 * Ends the ringing, lets what was rung come to its end, and holds the whole log to its promises: no
 * slot missed, none twice, none early, none without its run, and every commit as its inputs have it.
 */
export async function endAndProve(
  services: Services,
): Promise<{ slots: SlotReport; runs: RunReport }> {
  const untilMs = clock.now() - SECOND_MS;
  await eventually(async () => expect((await slotsOf(services, untilMs)).findings).toEqual([]), {
    withinMs: ENDED_WITHIN_MS,
  });
  await Promise.all(services.of('ticker').map((ticker) => ticker.terminate()));
  const runs = await untilOver(services);
  const slots = await slotsOf(services, untilMs);
  expect(slots.findings).toEqual([]);
  expect(slots).toMatchObject({ missed: 0, skipped: 0, fired: slots.slots });
  expect(runs.succeeded + runs.skipped).toBe(slots.slots);
  expect(await services.replay('verify')).toMatchObject({ exitCode: 0 });
  return { slots, runs };
}

export function say(what: string, figures: Readonly<Record<string, number>>): void {
  const words = Object.entries(figures).map(([name, value]) => `${name} ${Math.round(value)}`);
  process.stdout.write(`${what}: ${words.join(', ')}\n`);
}
