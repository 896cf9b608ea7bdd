import { decodeCommit, fromBinary, tick } from '#libs/contracts';
import { tzdataVersion } from '#libs/cron';
import { deriveTicks } from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';
import { difference, type Finding, findingAt, recordingOf, type Verdict } from './finding.js';

/** Derives every tick commit of a shard from the definitions that it knew, byte for byte. */
export async function verifyTicks(log: EventLog, shard: number, shards: number): Promise<Verdict> {
  const checked = `ticks of shard ${shard}`;
  let commits = 0;
  for await (const { recorded, bytes } of deriveTicks(recordingOf(log), { shard, shards })) {
    const finding = compare(recorded, bytes);
    if (finding) return { checked, commits, finding };
    commits += 1;
  }
  return { checked, commits, finding: undefined };
}

function compare(stored: StoredCommit, derived: Uint8Array | undefined): Finding | undefined {
  if (derived === undefined) return findingAt(stored, 'nothing was due, by its own inputs');
  if (Buffer.compare(derived, stored.bytes) === 0) return undefined;
  const { tzdata } = fromBinary(tick.TickInputsSchema, decodeCommit(stored.bytes).commit.inputs);
  const rules =
    tzdata === tzdataVersion()
      ? ''
      : `; it was decided under tzdata ${tzdata}, and this machine has ${tzdataVersion()}: verify with that one`;
  return findingAt(stored, difference(stored.bytes, derived) + rules);
}
