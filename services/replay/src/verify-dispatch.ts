import { deriveDispatch } from '#libs/domain';
import type { EventLog } from '#libs/event-log';
import { difference, findingAt, recordingOf, type Verdict } from './finding.js';

/** Derives every commit of a shard's dispatch journal from the inputs that it names, byte for byte. */
export async function verifyDispatch(
  log: EventLog,
  shard: number,
  shards: number,
): Promise<Verdict> {
  const checked = `dispatch of shard ${shard}`;
  let commits = 0;
  for await (const { recorded, bytes } of deriveDispatch(recordingOf(log), { shard, shards })) {
    if (bytes === undefined || Buffer.compare(bytes, recorded.bytes) !== 0) {
      const what = difference(recorded.bytes, bytes ?? new Uint8Array());
      return { checked, commits, finding: findingAt(recorded, what) };
    }
    commits += 1;
  }
  return { checked, commits, finding: undefined };
}
