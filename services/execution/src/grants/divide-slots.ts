/**
 * Divides the slots of one pool between the shards that announce themselves. What is wanted is met as
 * evenly as possible: nobody gets more than one who wants at least as much. What nobody wants is spread
 * over all of them, so that a shard in which something happens can go ahead without asking.
 *
 * With fewer slots than shards that want one they take turns: `turn` says whose it is.
 */
export function divideSlots(
  slots: number,
  wanted: ReadonlyMap<number, number>,
  turn: number,
): Map<number, number> {
  const shards = [...wanted.keys()].sort((one, other) => one - other);
  const granted = new Map(shards.map((shard) => [shard, 0]));
  const wanting = shards.filter((shard) => wantedBy(wanted, shard) > 0);
  if (slots < wanting.length) {
    for (let i = 0; i < slots; i++) granted.set(wanting[(turn + i) % wanting.length] as number, 1);
    return granted;
  }
  // The most modest first: what they leave is shared by the others.
  const modest = wanting.toSorted(
    (one, other) => wantedBy(wanted, one) - wantedBy(wanted, other) || one - other,
  );
  let left = slots;
  for (const [at, shard] of modest.entries()) {
    const share = Math.min(wantedBy(wanted, shard), Math.floor(left / (modest.length - at)));
    granted.set(shard, share);
    left -= share;
  }
  for (const [at, shard] of shards.entries()) {
    const share = Math.ceil(left / (shards.length - at));
    granted.set(shard, (granted.get(shard) ?? 0) + share);
    left -= share;
  }
  return granted;
}

function wantedBy(wanted: ReadonlyMap<number, number>, shard: number): number {
  return Math.max(0, wanted.get(shard) ?? 0);
}
