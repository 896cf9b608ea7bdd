/** Carillon itself, whole and with its own data, for the flows to look at. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base } from 'playwright/test';

const SOURCE = fileURLToPath(new URL('../../../scripts/source.mjs', import.meta.url));
const START = fileURLToPath(new URL('../../../scripts/start/main.ts', import.meta.url));
const START_WITHIN_MS = 180_000;

interface Product {
  url: string;
  /** Asks the gateway; throws what it refuses. */
  ask: (query: string, variables?: Record<string, unknown>) => Promise<Record<string, unknown>>;
}

/** Resolves with the address as soon as the product says that it rings. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const address = /rings at (http:\/\/\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${said}`)));
  });
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    child.once('exit', () => resolve());
  });

export const test = base.extend<object, { product: Product }>({
  product: [
    async ({ browserName: _ }, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'carillon-ui-'));
      // Postgres runs as nobody when we are root, and must get at its data.
      chmodSync(folder, 0o755);
      const settings = { dataDir: join(folder, 'data'), port: 0, natsPort: 0, postgresPort: 0 };
      writeFileSync(join(folder, 'carillon.config.json'), JSON.stringify(settings));
      // As root and without bubblewrap no program would run; those of the flows are known.
      const command = ['CARILLON_SANDBOX=off', process.execPath, '--import', SOURCE, START];
      const child = spawn('env', command, { cwd: folder });
      try {
        const url = await addressOf(child);
        await use({ url, ask: (query, variables) => ask(url, query, variables) });
      } finally {
        child.kill('SIGTERM');
        await ended(child);
        rmSync(folder, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: START_WITHIN_MS },
  ],
  baseURL: async ({ product }, use) => use(product.url),
});

async function ask(url: string, query: string, variables: Record<string, unknown> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}
