import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { afterEach, expect, test } from '@jest/globals';
import { eventually, temporaryFolder } from '#libs/testing';
import { processIdentity } from './process-identity.js';

const left: number[] = [];
afterEach(() => {
  for (const pid of left.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  }
});

async function sleeper(): Promise<number> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
  child.unref();
  await once(child, 'spawn');
  const pid = child.pid as number;
  left.push(pid);
  return pid;
}

test('names a process for as long as it runs, and never two alike', async () => {
  const [one, other] = [await sleeper(), await sleeper()];
  const identity = await processIdentity(one);
  expect(identity).toBe(await processIdentity(one));
  expect(identity).not.toBe(await processIdentity(other));
  process.kill(one, 'SIGKILL');
  await eventually(async () => (await processIdentity(one)) === undefined);
});

test('a leash ends the server when its holder is killed, and removes what was temporary', async () => {
  const server = await sleeper();
  const folder = await temporaryFolder('leash');
  const options = JSON.stringify({ signal: 'KILL', removeFolder: folder });
  const script = `import('#libs/parts').then((parts) => {
    parts.leash(${server}, ${options});
    setInterval(() => {}, 1000);
    console.log('held');
  })`;
  const args = ['--import', './scripts/source.mjs', '--input-type=module', '-e', script];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  expect(await processIdentity(server)).toBeDefined();

  holder.kill('SIGKILL');

  await eventually(async () => (await processIdentity(server)) === undefined);
  await eventually(async () => !(await exists(folder)));
});

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
