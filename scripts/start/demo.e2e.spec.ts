import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { freePort, processIdentity } from '#libs/parts';
import { eventually, removeFolder, temporaryFolder, testChromium } from '#libs/testing';

// The whole of it, as a user starts it: everything is built when needed, and nothing is a stand-in.
jest.setTimeout(180_000);

const UP_WITHIN_MS = 90_000;
const RUN_WITHIN_MS = 60_000;

let folder: string;
let launcher: ChildProcess | undefined;

beforeEach(async () => {
  folder = await temporaryFolder('demo');
  // Postgres runs as nobody when we are root, and must get at its data.
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  if (launcher && launcher.exitCode === null) {
    launcher.kill('SIGKILL');
    await eventually(async () => (await alive()).length === 0, { withinMs: 20_000 });
  }
  await removeFolder(folder);
});

interface Entry {
  readonly pid: number;
  readonly identity: string;
}

async function alive(): Promise<Entry[]> {
  const file = join(folder, 'processes.json');
  if (!existsSync(file)) return [];
  const book = JSON.parse(readFileSync(file, 'utf8')) as Entry[];
  const identities = await Promise.all(book.map(({ pid }) => processIdentity(pid)));
  return book.filter(({ identity }, index) => identities[index] === identity);
}

interface Execution {
  readonly taskName: string;
  readonly status: string;
  readonly retryCount: number;
  readonly output?: Readonly<Record<string, unknown>>;
}

test('rings: the demo tasks run, one is retried until it succeeds, and all of it ends on Ctrl-C', async () => {
  const [port, demoPort] = [await freePort(), await freePort()];
  const args = ['--import', './scripts/source.mjs', 'scripts/start/main.ts', '--demo'];
  launcher = spawn(process.execPath, args, {
    env: {
      ...process.env,
      CARILLON_DATA_DIR: folder,
      CARILLON_PORT: String(port),
      CARILLON_DEMO_PORT: String(demoPort),
      CARILLON_NATS_PORT: '0',
      CARILLON_POSTGRES_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream?.on('data', (chunk) => {
      said += chunk;
    });
  }
  await eventually(() => expect(said).toContain('rings at'), { withinMs: UP_WITHIN_MS });
  expect(said).toContain('4 sample tasks made');

  const executions = async (): Promise<Execution[]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/scheduler/executions?limit=50`);
    return ((await answer.json()) as { executions: Execution[] }).executions;
  };
  const succeeded = (name: string, retriesMin = 0) =>
    eventually(
      async () => {
        const runs = (await executions()).filter(({ taskName }) => taskName === name);
        const run = runs.find(
          ({ status, retryCount }) => status === 'success' && retryCount >= retriesMin,
        );
        expect(run ?? runs).toMatchObject({ status: 'success' });
        return run as Execution;
      },
      { withinMs: RUN_WITHIN_MS },
    );
  await succeeded('Demo: is the foundry open?');
  await succeeded('Demo: count the stock', 1);
  if (testChromium) {
    expect((await succeeded('Demo: orders of the day')).output).toEqual({ total: '53.55' });
  }
  const page = await fetch(`http://127.0.0.1:${port}/`);
  expect(await page.text()).toContain('<div id="root">');

  const running = await alive();
  expect(running).toHaveLength(3);
  launcher.kill('SIGINT');
  expect(await once(launcher, 'exit')).toEqual([0, null]);
  for (const { pid } of running) expect(await processIdentity(pid)).toBeUndefined();
});
