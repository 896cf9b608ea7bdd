import { createHash } from 'node:crypto';
import { decodeCommit } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import { type Finding, findingAt, type Verdict } from './finding.js';

interface Link {
  readonly hash: Uint8Array;
  readonly ordinal: number;
}

/** Whether each definition's commits follow each other without a gap, each with the hash of the one before. */
export async function verifyDefinitions(log: EventLog): Promise<Verdict> {
  const links = new Map<string, Link>();
  let commits = 0;
  let finding: Finding | undefined;
  for await (const stored of log.read({ stream: 'DEFINITIONS', fromSeq: 1 })) {
    const { commit } = decodeCommit(stored.bytes);
    const before = links.get(stored.subject);
    const hash = before?.hash ?? new Uint8Array();
    if (commit.aggregate !== stored.subject)
      finding = findingAt(stored, `it says that it belongs to ${commit.aggregate}`);
    else if (commit.ordinal !== (before?.ordinal ?? 0) + 1)
      finding = findingAt(
        stored,
        `it is number ${commit.ordinal}, after number ${before?.ordinal ?? 0}`,
      );
    else if (Buffer.compare(commit.previousHash, hash) !== 0)
      finding = findingAt(stored, 'the hash that it carries is not that of the commit before it');
    if (finding) break;
    links.set(stored.subject, {
      hash: createHash('sha256').update(stored.bytes).digest(),
      ordinal: commit.ordinal,
    });
    commits += 1;
  }
  return { checked: 'definitions', commits, finding };
}
