/** The witness as a process, and what it has written down. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Effect } from '#libs/audit';
import { leash } from '#libs/parts';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export interface EffectsWitness {
  readonly url: string;
  effects(): Effect[];
  stop(): void;
}

export async function startEffectsWitness(file: string): Promise<EffectsWitness> {
  const args = ['--no-warnings', '--import', source('../../source.mjs')];
  const child = spawn(process.execPath, [...args, source('effects-witness.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const held = child.pid === undefined ? undefined : leash(child.pid, { signal: 'KILL' });
  child.once('exit', () => held?.release());
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the witness ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    effects: () => readEffects(file),
    stop: () => child.kill('SIGKILL'),
  };
}

function readEffects(file: string): Effect[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Effect);
}
