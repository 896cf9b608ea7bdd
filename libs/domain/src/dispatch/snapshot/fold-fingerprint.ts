/** What histories are folded to, in short, to tell one fold from another. */
import { createHash } from 'node:crypto';
import { foldHistory } from '../../history/fold.js';
import type { RecordedCommit } from '../../history/recorded-commit.js';
import { captureState } from './capture.js';
import { FOLD_VERSION } from './fold-version.js';
import { ValueWriter } from './value-writer.js';

export interface FoldFingerprint {
  readonly version: number;
  /** Of the bytes of the histories. */
  readonly logs: string;
  /** Of the states that they lead to. */
  readonly states: string;
}

export function fingerprintOfFold(
  histories: Iterable<{ readonly shards: number; readonly commits: readonly RecordedCommit[] }>,
): FoldFingerprint {
  const logs = createHash('sha256');
  const states = createHash('sha256');
  for (const { shards, commits } of histories) {
    for (const { bytes } of commits) logs.update(bytes);
    for (const { dispatch } of foldHistory(commits, shards).shards) {
      const writer = new ValueWriter();
      writer.value(captureState(dispatch));
      states.update(writer.take());
    }
  }
  return { version: FOLD_VERSION, logs: logs.digest('hex'), states: states.digest('hex') };
}

/** Whether what was recorded is of the same logs and version, and other states came of them. */
export function foldMoved(recorded: FoldFingerprint, now: FoldFingerprint): boolean {
  const isSame = recorded.version === now.version && recorded.logs === now.logs;
  return isSame && recorded.states !== now.states;
}
