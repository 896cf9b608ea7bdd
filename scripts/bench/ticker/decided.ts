import { SystemClock } from '#libs/clock';
import { decodeCommit, fromBinary, subjects, tick } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';

export const SHARD = 0;

/** How often the newest tick is asked for: seldom, for the ticker needs the cores itself. */
const POLL_MS = 100;

export interface NewestTick {
  /** The definitions that it knew. */
  readonly definitionsSeq: number;
  /** Every slot up to this instant is decided. */
  readonly decidedToMs: number;
}

/** Waits until the newest tick is one that is wanted: there is no signal for it. */
export async function untilTick(
  log: EventLog,
  isWanted: (newest: NewestTick) => boolean,
  withinMs: number,
): Promise<void> {
  const clock = new SystemClock();
  const untilMs = clock.monotonic() + withinMs;
  for (;;) {
    const newest = await newestTick(log);
    if (newest && isWanted(newest)) return;
    if (clock.monotonic() > untilMs) throw new Error(`the ticker is at ${JSON.stringify(newest)}`);
    await clock.sleep(POLL_MS);
  }
}

async function newestTick(log: EventLog): Promise<NewestTick | undefined> {
  const last = await log.last('TICKS', subjects.tick(SHARD));
  if (last === undefined) return undefined;
  const { commit, events } = decodeCommit(last.bytes);
  const decided = events[0]?.event;
  if (decided?.$typeName !== 'tick.v1.SlotsDecided' || !decided.to) return undefined;
  const { dueAtMs, key } = decided.to;
  return {
    definitionsSeq: fromBinary(tick.TickInputsSchema, commit.inputs).definitionsSeq,
    decidedToMs: key === '' ? dueAtMs : dueAtMs - 1,
  };
}

/** When each slot of one instant was stored, in ms after it. */
export async function latenesses(
  log: EventLog,
  fromSeq: number,
  dueAtMs: number,
): Promise<number[]> {
  const late: number[] = [];
  for await (const { bytes, storedAtMs } of log.read({ stream: 'TICKS', fromSeq }))
    for (const { event } of decodeCommit(bytes).events)
      if (event.$typeName === 'tick.v1.SlotsDecided')
        for (const slot of event.slots)
          if (slot.dueAtMs === dueAtMs) late.push(storedAtMs - dueAtMs);
  return late;
}

/** Slots and commits since a sequence. */
export async function decidedSince(log: EventLog, fromSeq: number) {
  let slots = 0;
  let commits = 0;
  for await (const { bytes } of log.read({ stream: 'TICKS', fromSeq })) {
    commits += 1;
    for (const { event } of decodeCommit(bytes).events)
      if (event.$typeName === 'tick.v1.SlotsDecided') slots += event.slots.length;
  }
  return { slots, commits };
}
