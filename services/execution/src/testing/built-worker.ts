import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** Compiles the worker into a folder of its own, as a release would be: nobody else's build is touched. */
export async function buildWorker(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const swc = join(root, 'node_modules/.bin/swc');
  const out = join(folder, 'dist');
  const args = ['services/execution', 'libs', '-d', out, '--config-file', '.swcrc', '--quiet'];
  await promisify(execFile)(swc, [...args, '--ignore', '**/*.spec.ts'], { cwd: root });
  const imports = { '#libs/*': './dist/libs/*/src/index.js' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(out, 'services/execution/src/main.js');
}

export interface BuiltWorker {
  readonly process: ChildProcess;
  /** From its own log, once it takes offers. */
  readonly workerId: string;
  readonly log: readonly string[];
  /** Ends it with a signal, and gives how it ended. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a built worker as a process of its own, with nothing but the given settings. */
export async function startBuiltWorker(
  main: string,
  settings: Readonly<Record<string, string>>,
): Promise<BuiltWorker> {
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const log: string[] = [];
  const workerId = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line);
      const { workerId: id } = JSON.parse(line) as { workerId?: string };
      if (id !== undefined) resolve(id);
    });
    void exited.then(() => reject(new Error(`the worker did not start: ${log.join('\n')}`)));
  });
  return {
    process: child,
    workerId,
    log,
    end: async (signal) => {
      child.kill(signal);
      const [code, name] = await exited;
      return { code, signal: name };
    },
  };
}
