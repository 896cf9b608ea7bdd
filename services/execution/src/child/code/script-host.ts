/**
 * The process that a script runs in: imports the module, calls its default export, and tells on file
 * descriptor 3 what it logs and gives. It knows nothing but the script and its values, and what it
 * tells is believed by nobody further than its own attempt.
 */
import { readSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { AttemptFacts } from './code-job.js';

const INPUT_FD = 0;
const TOLD_FD = 3;
const READ_BYTES = 64 * 1024;

interface HostInput {
  readonly file: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly attempt: AttemptFacts;
}

/** What the runner reads, one JSON object a line. */
export type FromHost =
  | {
      readonly type: 'log';
      readonly level: string;
      readonly message: string;
      readonly metadata?: unknown;
    }
  | { readonly type: 'output'; readonly name: string; readonly value: unknown }
  | { readonly type: 'cost'; readonly amount: unknown; readonly note: string }
  | { readonly type: 'invalid' | 'failed'; readonly message: string; readonly stack: string }
  | { readonly type: 'done' };

function tell(message: FromHost): void {
  let rest = Buffer.from(`${JSON.stringify(message)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(TOLD_FD, rest));
    } catch (error) {
      // The other side reads slower than this one writes.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

function readInput(): HostInput {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(READ_BYTES);
    const size = readSync(INPUT_FD, part);
    if (size === 0) break;
    parts.push(part.subarray(0, size));
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as HostInput;
}

function faultOf(type: 'invalid' | 'failed', error: unknown): FromHost {
  if (!(error instanceof Error)) return { type, message: String(error), stack: '' };
  return { type, message: `${error.name}: ${error.message}`, stack: error.stack ?? '' };
}

const write = (level: string) => (message: unknown, metadata?: unknown) =>
  tell({
    type: 'log',
    level,
    message: typeof message === 'string' ? message : JSON.stringify(message),
    ...(metadata !== undefined && { metadata }),
  });

async function run(): Promise<FromHost> {
  const { file, params, attempt } = readInput();
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  const log = Object.assign(write('info'), {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  });
  const output = (name: string, value: unknown) => tell({ type: 'output', name, value });
  const cost = (amount: unknown, note: unknown = '') =>
    tell({ type: 'cost', amount, note: String(note) });
  let main: unknown;
  try {
    main = ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (error) {
    return faultOf('invalid', error);
  }
  if (typeof main !== 'function')
    return {
      type: 'invalid',
      message: 'The module has no function as its default export.',
      stack: '',
    };
  try {
    const value: unknown = await main({ params, log, output, cost, signal: stop.signal, attempt });
    if (value !== undefined) output('result', value);
    return { type: 'done' };
  } catch (error) {
    return faultOf('failed', error);
  }
}

const end = await run();
tell(end);
process.exit(end.type === 'done' ? 0 : 1);
