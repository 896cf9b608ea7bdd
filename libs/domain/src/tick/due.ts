/**
 * The open slots of a plan in the order in which they are decided, by due instant and then by key, as
 * lazily as they are asked for: of a hundred thousand that are due at once a decision takes two
 * thousand, and of an outage of a week only the first slots.
 *
 * What comes out follows from the plan's members and its watermark alone. Where its groups stand is
 * only where the search begins.
 */
import { nextSlot, type Slot, type Timing } from '#libs/cron';
import { compareKeys, type Group, type Member } from './group.js';
import { MinHeap } from './heap.js';
import { owes, type TickPlan, type Watermark } from './plan.js';

export interface Candidate {
  readonly member: Member;
  readonly timing: Timing;
  readonly slot: Slot;
  /** The member's definition is in force up to here, or the horizon is. */
  readonly untilMs: number;
}

/** One slot, and those who may owe it, by key. */
interface Ring {
  readonly timing: Timing;
  readonly slot: Slot;
  readonly members: readonly Member[];
  readonly untilMs: number;
  /** Whose next slot comes after this one; none where the definition is no longer in force. */
  readonly group?: Group;
}

export function* dueInOrder(plan: TickPlan, horizonMs: number): Generator<Candidate> {
  const rings = new MinHeap<Ring>((one, other) => one.slot.dueAtMs - other.slot.dueAtMs);
  for (const { member, timing, slot, untilMs } of plan.owed)
    if (slot.dueAtMs <= horizonMs) rings.push({ timing, slot, members: [member], untilMs });
  for (const group of plan.dueGroups(horizonMs))
    pushNext(rings, group, group.nextMs - 1, horizonMs);
  for (let first = rings.peek(); first !== undefined; first = rings.peek()) {
    const { dueAtMs } = first.slot;
    const equal: Ring[] = [];
    for (; first?.slot.dueAtMs === dueAtMs; first = rings.peek()) equal.push(rings.pop() as Ring);
    yield* byKey(equal, plan.watermark);
    for (const { group } of equal) if (group) pushNext(rings, group, dueAtMs, horizonMs);
  }
}

/** The group's next slot that somebody may owe. Each one that nobody owes rules a member out. */
function pushNext(rings: MinHeap<Ring>, group: Group, afterMs: number, horizonMs: number): void {
  const { timing } = group;
  const fromMs = group.owedAfterMs(afterMs);
  const slot = fromMs < horizonMs ? nextSlot(timing, fromMs) : undefined;
  if (slot === undefined || slot.dueAtMs > horizonMs) return;
  rings.push({ timing, slot, members: group.byKey(), untilMs: horizonMs, group });
}

interface Cursor {
  readonly ring: Ring;
  place: number;
}

/** Merges the members of several rings of one instant. */
function* byKey(rings: readonly Ring[], watermark: Watermark): Generator<Candidate> {
  const keyAt = ({ ring, place }: Cursor) => ring.members[place]?.key ?? '';
  const cursors = new MinHeap<Cursor>((one, other) => compareKeys(keyAt(one), keyAt(other)));
  for (const ring of rings) {
    const place = firstOpen(ring, watermark);
    if (place < ring.members.length) cursors.push({ ring, place });
  }
  for (let first = cursors.pop(); first !== undefined; first = cursors.pop()) {
    const { timing, slot, members, untilMs } = first.ring;
    const member = members[first.place] as Member;
    if (owes(member, slot, watermark)) yield { member, timing, slot, untilMs };
    first.place += 1;
    if (first.place < members.length) cursors.push(first);
  }
}

/** The place of the first member behind the watermark. */
function firstOpen({ slot, members }: Ring, { dueAtMs, key }: Watermark): number {
  if (slot.dueAtMs !== dueAtMs) return 0;
  let low = 0;
  let high = members.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys((members[middle] as Member).key, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
