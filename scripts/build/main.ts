// Builds everything: `npm run build`.
import { fileURLToPath } from 'node:url';
import { ToolFailed } from '../tools/run-tool.ts';
import { build } from './build.ts';

try {
  await build(fileURLToPath(new URL('../..', import.meta.url)));
} catch (error) {
  if (!(error instanceof ToolFailed)) throw error;
  process.stderr.write(`${error.output}\n${error.message}\n`);
  process.exitCode = 1;
}
