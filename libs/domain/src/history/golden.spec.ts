import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { decodeCommit, schemaOf, schemasByAggregate, toJson } from '#libs/contracts';
import { canonicalWorld } from './canonical.js';
import { deriveHistory } from './derive.js';
import { foldHistory } from './fold.js';
import type { RecordedCommit } from './recorded-commit.js';

interface GoldenCommit extends Omit<RecordedCommit, 'bytes'> {
  readonly bytes: string;
  readonly events: readonly { readonly type: string }[];
}

interface GoldenLog {
  readonly shards: number;
  readonly commits: readonly GoldenCommit[];
  readonly state: object;
}

const FOLDER = join(import.meta.dirname, '../golden');

/** Each release has left one folder: `golden/<version>/<history>.json`. */
const logs = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.json'))
  .sort()
  .map((path): [string, GoldenLog] => [path, JSON.parse(readFileSync(join(FOLDER, path), 'utf8'))]);

function recorded({ commits }: GoldenLog): RecordedCommit[] {
  return commits.map(({ stream, seq, subject, bytes }) => ({
    stream,
    seq,
    subject,
    bytes: new Uint8Array(Buffer.from(bytes, 'base64')),
  }));
}

describe.each(logs)('the golden log %s', (_, golden) => {
  test('is read as it was written', () => {
    const events = recorded(golden).map(({ bytes }) =>
      decodeCommit(bytes).events.map(({ event }) => {
        const schema = schemaOf(event.$typeName);
        return { type: event.$typeName, payload: schema && toJson(schema, event) };
      }),
    );
    expect(events).toEqual(golden.commits.map((commit) => commit.events));
  });

  test('is folded to the state of its day', () => {
    // A later build may know more of it, and must say all that was said then.
    expect(canonicalWorld(foldHistory(recorded(golden), golden.shards))).toMatchObject(
      golden.state,
    );
  });

  test('is decided again, byte for byte', () => {
    const { commits, world } = deriveHistory(recorded(golden), golden.shards);
    for (const { recorded: commit, bytes } of commits)
      expect({ ...commit, bytes: bytes && Buffer.from(bytes) }).toEqual({
        ...commit,
        bytes: Buffer.from(commit.bytes),
      });
    expect(canonicalWorld(world)).toMatchObject(golden.state);
  });
});

test('a history that lacks an input is not decided again to the same bytes', () => {
  const [, golden] = logs.find(([path]) => path.endsWith('dispatch.json')) ?? [];
  const commits = golden ? recorded(golden) : [];
  const fact = commits.findIndex(({ stream }) => stream === 'ATTEMPTS');
  const { commits: derived } = deriveHistory(commits.toSpliced(fact, 1), 1);
  const differing = derived.filter(
    ({ recorded: { bytes }, bytes: again }) => !again || Buffer.compare(bytes, again) !== 0,
  );
  expect(differing[0]?.recorded).toMatchObject({ stream: 'DISPATCH', seq: 2 });
});

test('golden logs know every type of event', () => {
  const known = new Set(
    logs
      .flatMap(([, { commits }]) => commits.flatMap(({ events }) => events))
      .map(({ type }) => type),
  );
  const types = Object.values(schemasByAggregate).flatMap((schemas) =>
    schemas.map(({ typeName }) => typeName),
  );
  expect(types.filter((type) => !known.has(type))).toEqual([]);
});
