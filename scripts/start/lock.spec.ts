import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { processIdentity } from '#libs/parts';
import { takeLock } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const holder = () => JSON.parse(readFileSync(join(folder, 'carillon.lock'), 'utf8'));

test('lets one start in, and tells the second where the first one is', async () => {
  const lock = await takeLock(folder);
  await expect(takeLock(folder)).rejects.toThrow('still starting');
  lock.tell({
    address: 'http://127.0.0.1:7070',
    natsUrl: 'nats://127.0.0.1:7072',
    databaseUrl: 'postgres://127.0.0.1:7073/carillon',
  });
  await expect(takeLock(folder)).rejects.toMatchObject({
    code: 'already-running',
    message: expect.stringContaining('at http://127.0.0.1:7070'),
  });
  lock.release();
  (await takeLock(folder)).release();
});

test('keeps to its owner where the servers are, since an address may hold a password', async () => {
  const lock = await takeLock(folder);
  const databaseUrl = 'postgres://user:secret@db/carillon';
  lock.tell({ address: 'http://127.0.0.1:7070', natsUrl: 'nats://nats:4222', databaseUrl });
  expect(statSync(join(folder, 'carillon.lock')).mode & 0o077).toBe(0);
  lock.release();
});

test('of many at once only one gets in', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => takeLock(folder)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('knows the lock of a killed process, also when its number was given to another', async () => {
  writeFileSync(
    join(folder, 'carillon.lock'),
    JSON.stringify({ pid: process.pid, identity: `${process.pid} an earlier start` }),
  );
  const lock = await takeLock(folder);
  expect(holder().identity).toBe(await processIdentity(process.pid));
  lock.release();
});

test('takes a lock that was only half written for one that nobody holds', async () => {
  writeFileSync(join(folder, 'carillon.lock'), '{"pid":');
  (await takeLock(folder)).release();
});
