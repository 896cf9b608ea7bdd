/**
 * A fold of a shard's journal as bytes, so that a restart need not begin with the first commit. A cache:
 * whatever is wrong with one, it is thrown away and the journal is folded instead. It is never evidence:
 * the audit reads the log alone.
 *
 *   mark | format | version of the fold | head, then one list after the other | SHA-256 of all before
 *
 * Not protobuf: a message beside the state would be a second list of every field, to be kept by hand for
 * readers there are none of, since no build reads the fold of another. What the state holds is written as it
 * is, by `value-writer.ts`, and what a field means is guarded by `FOLD_VERSION`.
 */
import { createHash } from 'node:crypto';
import type { JournalHead } from '../../journal.js';
import type { Definitions } from '../definitions.js';
import type { DispatchState } from '../state.js';
import { captureState, restoreState, type StateParts } from './capture.js';
import { FOLD_VERSION } from './fold-version.js';
import { ValueReader } from './value-reader.js';
import { ValueWriter } from './value-writer.js';

/** Of the bytes; moves when they are laid out otherwise. */
export const SNAPSHOT_FORMAT = 1;
const MARK = 'CASN';
const HASH_BYTES = 32;
/** What is written without a pause. */
const SLICE_BYTES = 32 * 1024;

/** Where in the journal the fold stands. */
export interface SnapshotHead extends JournalHead {
  readonly shard: number;
  /** The definitions that the last commit knew: the state was folded beside these. */
  readonly definitionsSeq: number;
}

/** `corrupt`: the bytes are not as they were written. `other-build`: they were written by another fold. */
export class SnapshotUnfit extends Error {
  readonly code: 'corrupt' | 'other-build';

  constructor(code: 'corrupt' | 'other-build', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Takes what the state holds at once; writes it as it is asked for, a slice at a time. In between the
 * state may move on.
 */
export function takeSnapshot(state: DispatchState, head: SnapshotHead): Iterable<Uint8Array> {
  return slicesOf({ head, ...captureState(state) });
}

export function writeSnapshot(state: DispatchState, head: SnapshotHead): Uint8Array {
  return new Uint8Array(Buffer.concat([...takeSnapshot(state, head)]));
}

/** Throws SnapshotUnfit. */
export function readSnapshot(
  bytes: Uint8Array,
  definitions: Definitions,
): { readonly state: DispatchState; readonly head: SnapshotHead } {
  const hashed = bytes.subarray(0, Math.max(0, bytes.length - HASH_BYTES));
  const hash = createHash('sha256').update(hashed).digest();
  if (!hash.equals(bytes.subarray(hashed.length)))
    throw new SnapshotUnfit('corrupt', 'its bytes do not fit its hash');
  try {
    const { head, ...parts } = partsIn(new ValueReader(hashed));
    return { state: restoreState(parts, definitions), head };
  } catch (error) {
    if (error instanceof SnapshotUnfit) throw error;
    throw new SnapshotUnfit('corrupt', 'it can not be read', { cause: error });
  }
}

interface Snapshot extends StateParts {
  readonly head: SnapshotHead;
}

function* slicesOf(snapshot: Snapshot): Generator<Uint8Array, void> {
  const hash = createHash('sha256');
  const writer = new ValueWriter();
  const slice = () => {
    const bytes = writer.take();
    hash.update(bytes);
    return bytes;
  };
  writer.raw(Buffer.from(MARK));
  writer.value(SNAPSHOT_FORMAT);
  writer.value(FOLD_VERSION);
  for (const [name, part] of Object.entries(snapshot)) {
    writer.value(name);
    if (!Array.isArray(part)) {
      writer.value(part);
      continue;
    }
    writer.value(null);
    writer.value(part.length);
    for (const one of part) {
      writer.value(one);
      if (writer.size >= SLICE_BYTES) yield slice();
    }
  }
  yield slice();
  yield new Uint8Array(hash.digest());
}

function partsIn(reader: ValueReader): Snapshot {
  if (Buffer.from(reader.raw(MARK.length)).toString() !== MARK)
    throw new SnapshotUnfit('corrupt', 'it is no snapshot');
  const format = reader.value();
  const fold = format === SNAPSHOT_FORMAT ? reader.value() : undefined;
  if (format !== SNAPSHOT_FORMAT || fold !== FOLD_VERSION)
    throw new SnapshotUnfit(
      'other-build',
      `it has format ${format} and fold ${fold}; this build has ${SNAPSHOT_FORMAT} and ${FOLD_VERSION}`,
    );
  const parts: Record<string, unknown> = {};
  while (!reader.isAtEnd) {
    const name = String(reader.value());
    const value = reader.value();
    parts[name] = value === null ? Array.from(listIn(reader)) : value;
  }
  return parts as unknown as Snapshot;
}

function* listIn(reader: ValueReader): Generator<unknown, void> {
  const length = Number(reader.value());
  for (let read = 0; read < length; read++) yield reader.value();
}
