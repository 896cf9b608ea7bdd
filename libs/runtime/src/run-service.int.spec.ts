import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { startTestNats, type TestNats } from '#libs/testing';

const FIXTURE = 'libs/runtime/src/fixtures/bell-service.ts';

let nats: TestNats;
beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(() => nats.stop());

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
});

function startBell(env: Record<string, string> = {}) {
  const bell = spawn(process.execPath, ['--import', './scripts/source.mjs', FIXTURE], {
    env: { PATH: process.env['PATH'], NATS_URL: nats.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = bell;
  const said: Record<string, unknown>[] = [];
  const lines = createInterface({ input: bell.stdout });
  const waiting: { message: string; resolve: (line: Record<string, unknown>) => void }[] = [];
  lines.on('line', (line) => {
    const entry = JSON.parse(line);
    said.push(entry);
    for (const one of waiting) if (one.message === entry.msg) one.resolve(entry);
  });
  let complaint = '';
  bell.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  return {
    bell,
    said,
    complaint: () => complaint,
    until: (message: string) =>
      new Promise<Record<string, unknown>>((resolve) => waiting.push({ message, resolve })),
    ended: once(bell, 'close').then(([code]) => code as number),
  };
}

test('runs until SIGTERM, then stops the service before its connection, and exits with 0', async () => {
  const { bell, said, until, ended } = startBell({ BELL_STROKES: '9' });
  const starting = await until('starting');
  await until('started');
  const ready = await fetch(`http://127.0.0.1:${starting['opsPort']}/readyz`);
  expect(await ready.json()).toEqual({ ready: true, checks: { 'nats:bell': true } });
  const caller = await connect({ servers: nats.url });
  expect((await caller.request('bell')).string()).toBe('9');
  await caller.close();

  bell.kill('SIGTERM');

  expect(await ended).toBe(0);
  expect(said.map((line) => line['msg'])).toEqual([
    'starting',
    'started',
    'stopping',
    'bell hangs still',
    'stopped',
  ]);
  expect(said.find((line) => line['msg'] === 'bell hangs still')).toMatchObject({
    service: 'bell',
    level: 'info',
    isConnected: true,
  });
});

test('refuses bad settings by name, in words and not in a stack', async () => {
  const { ended, complaint, said } = startBell({ BELL_STROKES: '99', CARILLON_PORT: 'seven' });
  expect(await ended).toBe(1);
  expect(complaint()).toBe(
    [
      "These settings can't be used:",
      '  CARILLON_PORT: must be a whole number from 0 to 65535',
      '  BELL_STROKES: must be a whole number from 0 to 12',
      '',
    ].join('\n'),
  );
  expect(said).toEqual([]);
});

test('ends at once, with 1, by an error that nobody expected', async () => {
  const { until, ended, said } = startBell();
  await until('started');
  const caller = await connect({ servers: nats.url });
  caller.publish('bell', 'break');
  await caller.drain();
  expect(await ended).toBe(1);
  expect(said.at(-1)).toMatchObject({ level: 'fatal', err: { message: 'cracked' } });
});

test('does not wait for a NATS that refuses it, and says what to mend without telling a secret', async () => {
  const locked = await startTestNats({ isLocked: true });
  const { host, password } = new URL(locked.url);
  for (const credential of ['', 'carillon:wrong@']) {
    const { ended, said } = startBell({ NATS_URL: `nats://${credential}${host}` });
    expect(await ended).toBe(1);
    const told = said.find(({ level }) => level === 'fatal');
    expect(told).toMatchObject({ err: { code: 'nats-refused' } });
    expect(JSON.stringify(told)).toContain(`NATS at nats://${host} refuses the credential`);
    expect(JSON.stringify(said)).not.toMatch(/wrong/);
  }
  const { bell, said, until, ended } = startBell({ NATS_URL: locked.url });
  await until('started');
  bell.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(JSON.stringify(said)).not.toContain(password);
  await locked.stop();
});
