import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findNats, type NatsSources } from './find-nats.js';
import { isNewEnough } from './nats-version.js';

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-find-'));
  env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that tells a version as a nats-server does. */
function server(version: string, ...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  chmodSync(file, 0o755);
  return file;
}

const unreachable: NatsSources = {
  fetchRelease: async () => {
    throw new Error('no route to host');
  },
  fetchPackage: async () => {
    throw new Error('no apt-get here');
  },
};

test('takes the named server before any other', async () => {
  const named = server('2.16.0', 'named');
  server('2.15.1', 'bin', 'nats-server');
  const found = await findNats({ env: { ...env, CARILLON_NATS_SERVER: named } });
  expect(found).toEqual({ binary: named, version: '2.16.0', from: 'CARILLON_NATS_SERVER' });
});

test('looks no further when the named server is too old or does not run', async () => {
  server('2.15.1', 'bin', 'nats-server');
  const old = { ...env, CARILLON_NATS_SERVER: server('2.10.7', 'named') };
  await expect(findNats({ env: old })).rejects.toThrow('which is version 2.10.7');
  const none = { ...env, CARILLON_NATS_SERVER: join(folder, 'nowhere') };
  await expect(findNats({ env: none })).rejects.toThrow('which does not run');
});

test('passes over an old server on PATH for a new one in the cache, the newest first', async () => {
  server('2.9.10', 'bin', 'nats-server');
  server('2.15.1', 'cache', 'carillon', 'nats-server-2.15.1', 'nats-server');
  const newest = server('2.15.10', 'cache', 'carillon', 'nats-server-2.15.10', 'nats-server');
  const found = await findNats({ env, sources: unreachable });
  expect(found).toEqual({ binary: newest, version: '2.15.10', from: 'cache' });
});

test('keeps what it downloaded, and finds it there the next time', async () => {
  const downloaded = server('2.15.1', 'downloaded');
  const said: string[] = [];
  const sources: NatsSources = {
    ...unreachable,
    fetchPackage: (_path, keep) => keep(downloaded),
  };
  const found = await findNats({ env, sources, say: (line) => said.push(line) });
  expect(found).toMatchObject({ version: '2.15.1', from: 'package' });
  expect(said).toHaveLength(2);
  const again = await findNats({ env, sources: unreachable });
  expect(again).toEqual({ ...found, from: 'cache' });
  expect(readdirSync(join(folder, 'cache', 'carillon', 'nats-server-2.15.1'))).toEqual([
    'nats-server',
  ]);
});

test('keeps nothing that is too old or does not run', async () => {
  const old = server('2.12.0', 'downloaded');
  const sources: NatsSources = {
    fetchRelease: (_platform, keep) => keep(old),
    fetchPackage: (_path, keep) => keep(join(folder, 'nothing')),
  };
  await expect(findNats({ env, sources })).rejects.toThrow(/it holds 2\.12\.0.*does not run here/);
  expect(() => readdirSync(join(folder, 'cache', 'carillon'))).toThrow('ENOENT');
});

test('tells in one sentence where it looked and what to do', async () => {
  server('2.9.10', 'bin', 'nats-server');
  await expect(findNats({ env, sources: unreachable })).rejects.toMatchObject({
    code: 'part-missing',
    message: `No nats-server 2.15.0 or newer was found in PATH (2.9.10 is too old), ${join(folder, 'cache', 'carillon')} (none), the official release archive (no route to host), the distribution's newer package (no apt-get here): install one and put it on PATH, or name it in CARILLON_NATS_SERVER, or name a running server in NATS_URL.`,
  });
});

test('compares versions by number and not by text', () => {
  expect(isNewEnough('2.15.0')).toBe(true);
  expect(isNewEnough('2.100.0')).toBe(true);
  expect(isNewEnough('3.0.0')).toBe(true);
  expect(isNewEnough('2.9.99')).toBe(false);
  expect(isNewEnough('2.14.99')).toBe(false);
});
