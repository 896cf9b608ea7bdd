import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** A tool ended with an error; `output` is everything it said. */
export class ToolFailed extends Error {
  readonly code = 'tool-failed';
  readonly output: string;

  constructor(tool: string, exitCode: number | null, output: string) {
    super(`${tool} failed (${exitCode ?? 'killed'})`);
    this.output = output;
  }
}

/**
 * Runs a tool of the repository's own dependencies, with the Node that came with them first on
 * PATH. What it says is kept back for the case that it fails.
 */
export function runTool(root: string, tool: string, args: readonly string[]): Promise<string> {
  const binaries = join(root, 'node_modules', '.bin');
  const path = `${binaries}${delimiter}${process.env['PATH'] ?? ''}`;
  return new Promise((resolve, reject) => {
    const child = spawn(tool, [...args], {
      cwd: root,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (exitCode) =>
      exitCode === 0 ? resolve(output) : reject(new ToolFailed(tool, exitCode, output)),
    );
  });
}
