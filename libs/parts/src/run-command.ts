import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** What it reads from its standard input. */
  readonly input?: string;
}

/** What a command said, kept short enough for one line of a report. */
export class CommandFailed extends Error {
  readonly code = 'command-failed';

  constructor(command: string, said: string, cause: unknown) {
    super(`${command}: ${said}`, { cause });
  }
}

const OUTPUT_MAX_BYTES = 4 * 1024 * 1024;

/** Runs a command to its end and gives its standard output. No shell is involved. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { timeoutMs, input = '', ...rest } = options;
    const settings = { ...rest, timeout: timeoutMs, maxBuffer: OUTPUT_MAX_BYTES } as const;
    const child = execFile(command, [...args], settings, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = error.killed
        ? `no answer within ${Math.round(timeoutMs / 1000)} s`
        : (lastLine(stderr) ?? error.message);
      reject(new CommandFailed(command, said, error));
    });
    // Some tools ask when they have a terminal to ask at; here is none.
    // One that ends before it has read all of it has said why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}
