import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { freePort } from '#libs/parts';
import { removeFolder, temporaryFolder } from '#libs/testing';
import { demoSiteOf } from './demo.ts';

const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

async function newFolder(): Promise<string> {
  const folder = await temporaryFolder('demo');
  undo.push(() => removeFolder(folder));
  return folder;
}

async function occupy(port: number): Promise<void> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  undo.push(() => new Promise((resolve) => server.close(() => resolve())));
}

test('without --demo, now or before, there is no demo site', async () => {
  const ask = { folder: await newFolder(), isAskedFor: false, preferredPort: await freePort() };
  expect(await demoSiteOf(ask)).toEqual({ kind: 'none' });
});

test('the site opens where it is told to, and there again at a later start', async () => {
  const ask = { folder: await newFolder(), isAskedFor: true, preferredPort: await freePort() };
  const open = { kind: 'open', port: ask.preferredPort };
  expect(await demoSiteOf(ask)).toEqual(open);
  expect(await demoSiteOf({ ...ask, isAskedFor: false, preferredPort: 1 })).toEqual(open);
});

test('a port that is taken is replaced the first time, and missed later', async () => {
  const ask = { folder: await newFolder(), isAskedFor: true, preferredPort: await freePort() };
  await occupy(ask.preferredPort);
  const first = await demoSiteOf(ask);
  expect(first.kind).toBe('open');
  if (first.kind !== 'open') return;
  expect(first.port).not.toBe(ask.preferredPort);
  await occupy(first.port);
  expect(await demoSiteOf(ask)).toEqual({ kind: 'taken', port: first.port });
});
