import { SystemClock } from '#libs/clock';
import { decodeCommit } from '#libs/contracts';
import { createTask, noopTask, type Services } from '#libs/rig';
import { eventually } from '#libs/testing';
import { figuresOf, ms } from '../figures.ts';
import { say, sayTable } from '../say.ts';

const SCHEDULES = 100;
const SECONDS = 10;
/** Schedules made at the same time. */
const IN_FLIGHT = 20;
const ALL_WITHIN_MS = 30_000;
/** Between the last definition and the first slot. */
const LEAD_MS = 3_000;

/** What became of one slot, by execution; epoch ms. */
interface Slot {
  readonly dueAtMs: number;
  readonly decidedAtMs: number;
  startedAtMs?: number;
  endedAtMs?: number;
}

/** Schedules that ring every second together: 1,000 slots, from their instant to their start. */
export async function measureSlots(services: Services): Promise<void> {
  const clock = new SystemClock();
  // Far enough ahead for all of them to be there; they own no slot before it.
  const firstMs = Math.ceil((clock.now() + LEAD_MS + SCHEDULES * 20) / 1_000) * 1_000;
  const schedule = {
    cron: '* * * * * *',
    zone: 'UTC',
    enabled: true,
    fromMs: firstMs,
    untilMs: firstMs + (SECONDS - 1) * 1_000,
  };
  for (let made = 0; made < SCHEDULES; made += IN_FLIGHT)
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, () =>
        createTask(services.nc, noopTask({ schedules: [schedule] })),
      ),
    );
  if (clock.now() >= firstMs) throw new Error('the schedules were not made in time');
  await clock.sleep(firstMs + SECONDS * 1_000 - clock.now());
  const slots = await eventually(
    async () => {
      const found = await collect(services);
      const ended = [...found.values()].filter(({ endedAtMs }) => endedAtMs !== undefined);
      if (ended.length < SCHEDULES * SECONDS) throw new Error(`${ended.length} runs have ended`);
      return found;
    },
    { withinMs: ALL_WITHIN_MS },
  );
  tell([...slots.values()]);
}

/** From the log alone. */
async function collect(services: Services): Promise<Map<string, Slot>> {
  const slots = new Map<string, Slot>();
  for (const { bytes, storedAtMs } of await services.commits('TICKS'))
    for (const { event } of decodeCommit(bytes).events)
      if (event.$typeName === 'tick.v1.SlotsDecided')
        for (const { executionId, dueAtMs } of event.slots)
          if (executionId) slots.set(executionId, { dueAtMs, decidedAtMs: storedAtMs });
  for (const { bytes } of await services.commits('ATTEMPTS'))
    for (const { event } of decodeCommit(bytes).events) {
      const slot = 'executionId' in event ? slots.get(event.executionId) : undefined;
      if (slot === undefined) continue;
      if (event.$typeName === 'attempt.v1.AttemptStarted') slot.startedAtMs = event.startedAtMs;
      if (event.$typeName === 'attempt.v1.AttemptEnded') slot.endedAtMs = event.endedAtMs;
    }
  return slots;
}

function tell(slots: readonly Slot[]): void {
  const row = (name: string, atMs: (slot: Slot) => number) => {
    const { p50, p99, max } = figuresOf(slots.map((slot) => atMs(slot) - slot.dueAtMs));
    return [name, ms(p50), ms(p99), ms(max)];
  };
  say(`\nSlots      ${SCHEDULES} schedules ring every second, ${slots.length} slots in all`);
  sayTable([
    ['from the slot on', 'p50', 'p99', 'max'],
    row('decision stored', ({ decidedAtMs }) => decidedAtMs),
    row('attempt started', ({ startedAtMs = Number.NaN }) => startedAtMs),
    row('attempt ended', ({ endedAtMs = Number.NaN }) => endedAtMs),
  ]);
}
