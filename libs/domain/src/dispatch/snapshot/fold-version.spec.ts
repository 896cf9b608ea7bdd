import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { StreamName } from '#libs/contracts';
import { type FoldFingerprint, fingerprintOfFold, foldMoved } from './fold-fingerprint.js';
import { FOLD_VERSION } from './fold-version.js';

const GOLDEN = join(import.meta.dirname, '../../golden');
const RECORDED = join(import.meta.dirname, 'fold.json');

interface Golden {
  readonly shards: number;
  readonly commits: readonly {
    readonly stream: StreamName;
    readonly seq: number;
    readonly subject: string;
    readonly bytes: string;
  }[];
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

const histories = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.json'))
  .sort()
  .map((path) => {
    const { shards, commits } = json(join(GOLDEN, path)) as Golden;
    const read = commits.map((one) => ({
      ...one,
      bytes: new Uint8Array(Buffer.from(one.bytes, 'base64')),
    }));
    return { shards, commits: read };
  });

const recorded: FoldFingerprint = json(RECORDED);
const now = fingerprintOfFold(histories);

test('a build that folds the golden logs to another state has another FOLD_VERSION', () => {
  // It has moved: raise FOLD_VERSION, and write down its fingerprint with `npm run golden -- --fold`.
  expect({ version: FOLD_VERSION, moved: foldMoved(recorded, now) }).toEqual({
    version: FOLD_VERSION,
    moved: false,
  });
});

test('the fingerprint that is written down is of this build and these logs', () => {
  // Logs or version are others than those written down: `npm run golden -- --fold`.
  expect(now).toEqual(recorded);
});

test('another state of the same logs under the same version has moved, and only that', () => {
  expect(foldMoved(recorded, { ...recorded, states: 'others' })).toBe(true);
  expect(foldMoved(recorded, { ...recorded, states: 'others', version: 99 })).toBe(false);
  expect(foldMoved(recorded, { ...recorded, states: 'others', logs: 'others' })).toBe(false);
});
