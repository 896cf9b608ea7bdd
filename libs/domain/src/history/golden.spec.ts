import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { decodeCommit, schemaOf, schemasByAggregate, toJson } from '#libs/contracts';
import { canonicalWorld } from './canonical.js';
import { type Derived, deriveDispatch, deriveTicks, type Recording } from './derive.js';
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

  test('is decided again, byte for byte', async () => {
    for (const { recorded: commit, bytes } of await derived(recorded(golden), golden.shards))
      expect({ ...commit, bytes: bytes && Buffer.from(bytes) }).toEqual({
        ...commit,
        bytes: Buffer.from(commit.bytes),
      });
  });
});

/** Every journal of every shard. */
async function derived(commits: readonly RecordedCommit[], shards: number) {
  const read: Recording<RecordedCommit>['read'] = async function* ({ stream, subject }) {
    for (const one of commits)
      if (one.stream === stream && (subject === undefined || one.subject === subject)) yield one;
  };
  const again: Derived<RecordedCommit>[] = [];
  for (let shard = 0; shard < shards; shard++) {
    for await (const one of deriveTicks({ read }, { shard, shards })) again.push(one);
    for await (const one of deriveDispatch({ read }, { shard, shards })) again.push(one);
  }
  return again;
}

test('a golden log leaves out no journal when it is decided again', async () => {
  for (const [, golden] of logs) {
    const journals = recorded(golden).filter(
      ({ stream }) => stream === 'TICKS' || stream === 'DISPATCH',
    );
    expect(await derived(recorded(golden), golden.shards)).toHaveLength(journals.length);
  }
});

test('a history that lacks an input is not decided again to the same bytes', async () => {
  const [, golden] = logs.find(([path]) => path.endsWith('dispatch.json')) ?? [];
  const commits = golden ? recorded(golden) : [];
  const fact = commits.findIndex(({ stream }) => stream === 'ATTEMPTS');
  const differing = (await derived(commits.toSpliced(fact, 1), 1)).filter(
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
