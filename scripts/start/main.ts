// `npm start`: everything Carillon needs on one machine, and Carillon itself.
import { fileURLToPath } from 'node:url';
import { PartFailed, PartMissing } from '#libs/parts';
import { SettingsInvalid } from '#libs/runtime';
import { MigrationRefused } from '../migrate/migrate.ts';
import { ToolFailed } from '../tools/run-tool.ts';
import { AlreadyRunning } from './lock.ts';
import { StartFailed, start } from './start.ts';

const HELP = `npm start [-- --demo]
  --demo   also makes a handful of sample tasks, so that there is something to watch
Settings are described in libs/runtime/README.md.
`;

const root = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);
const unknown = args.find((arg) => !['--demo', '--help'].includes(arg));
if (unknown || args.includes('--help')) {
  process.stderr.write(unknown ? `${unknown} is not known.\n${HELP}` : HELP);
  process.exit(unknown ? 1 : 0);
}

try {
  process.exitCode = await start({ root, isDemo: args.includes('--demo') });
} catch (error) {
  // What a user can mend is told in a sentence; anything else is ours, with its stack.
  const told = [
    AlreadyRunning,
    MigrationRefused,
    PartFailed,
    PartMissing,
    SettingsInvalid,
    StartFailed,
  ];
  if (error instanceof ToolFailed) process.stderr.write(`${error.output}\n${error.message}\n`);
  else if (told.some((kind) => error instanceof kind)) {
    process.stderr.write(`${(error as Error).message}\n`);
  } else throw error;
  process.exitCode = 1;
}
