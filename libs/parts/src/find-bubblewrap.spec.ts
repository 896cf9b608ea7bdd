import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findBubblewrap } from './find-bubblewrap.js';

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-find-'));
  env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that tells a version as bubblewrap does. */
function program(version: string, ...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "bubblewrap ${version}"\n`);
  chmodSync(file, 0o755);
  return file;
}

const unreachable = async () => {
  throw new Error('no apt-get here');
};

test('takes the named one and no other', async () => {
  const binary = program('0.11.0', 'named');
  program('0.8.0', 'bin', 'bwrap');
  const named = { ...env, CARILLON_BWRAP: binary };
  expect(await findBubblewrap(named, unreachable)).toEqual({ binary, from: 'CARILLON_BWRAP' });
  expect(await findBubblewrap({ ...env, CARILLON_BWRAP: '/nowhere' }, unreachable)).toBe(
    '/nowhere does not run',
  );
});

test('goes on to the cache when the one on PATH is too old', async () => {
  const old = program('0.6.2', 'bin', 'bwrap');
  expect(await findBubblewrap(env, unreachable)).toBe(
    `no bubblewrap on PATH; ${old} is 0.6, older than 0.7; the package could not be fetched (no apt-get here)`,
  );
  const binary = program('0.8.0', 'cache', 'carillon', 'bwrap');
  expect(await findBubblewrap(env, unreachable)).toEqual({ binary, from: 'cache' });
});

test('keeps in the cache what it fetched, once that has run', async () => {
  const fetched = program('0.8.0', 'unpacked');
  const found = await findBubblewrap(env, (_wanted, _path, keep) => keep(fetched));
  expect(found).toEqual({ binary: join(folder, 'cache', 'carillon', 'bwrap'), from: 'package' });
  expect(readdirSync(join(folder, 'cache', 'carillon'))).toEqual(['bwrap']);
});
