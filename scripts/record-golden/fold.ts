// The fingerprint of the fold: what the golden logs on disk lead to, under which FOLD_VERSION.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StreamName } from '#libs/contracts';
import { type FoldFingerprint, fingerprintOfFold, foldMoved } from '#libs/domain';

interface Golden {
  readonly shards: number;
  readonly commits: readonly {
    readonly stream: StreamName;
    readonly seq: number;
    readonly subject: string;
    readonly bytes: string;
  }[];
}

/** Of the golden logs of all versions, as they are on disk. */
export function foldOnDisk(golden: string): FoldFingerprint {
  const paths = readdirSync(golden, { recursive: true, encoding: 'utf8' });
  const histories = paths
    .filter((path) => path.endsWith('.json'))
    .sort()
    .map((path): Golden => JSON.parse(readFileSync(join(golden, path), 'utf8')))
    .map(({ shards, commits }) => ({
      shards,
      commits: commits.map((one) => ({
        ...one,
        bytes: new Uint8Array(Buffer.from(one.bytes, 'base64')),
      })),
    }));
  return fingerprintOfFold(histories);
}

/** Why it may not be written down: the fold has changed, and its version has not. */
export function whyNotFold(file: string, now: FoldFingerprint): string {
  const recorded: FoldFingerprint = JSON.parse(readFileSync(file, 'utf8'));
  return foldMoved(recorded, now)
    ? `The golden logs are folded to another state than under FOLD_VERSION ${now.version} before: raise it.`
    : '';
}

export function writeFold(file: string, fold: FoldFingerprint): void {
  writeFileSync(file, `${JSON.stringify(fold, undefined, 2)}\n`);
}
