import { parseArgs } from 'node:util';
import { type ReplayContext, replaySlots, replayTrace, replayVerify } from './replay.js';

export const HELP = `npm run replay -- COMMAND
  trace EXECUTION                      the story of one run, from the log alone
  slots TASK [--from TIME] [--to TIME] every slot of a task, with its one outcome and cause
  verify                               derive every tick and dispatch commit again, and every read
                                       table, and compare
TIME is ISO 8601, such as 2026-11-23T09:00:00Z.
NATS_URL and DATABASE_URL say where; unset, those of the running npm start.
`;

/** The last instant that a Date can have. */
const FOR_EVER_MS = 8_640_000_000_000_000;

/** The command line asks for nothing that there is. */
export class CommandInvalid extends Error {
  readonly code = 'command-invalid';
}

export type Command = (context: ReplayContext) => Promise<number>;

/** What the arguments ask for. Throws CommandInvalid. */
export function readCommand(args: readonly string[]): Command {
  const { positionals, values } = parsed(args);
  const [command, id, ...rest] = positionals;
  if (rest.length > 0) throw new CommandInvalid(`${rest[0]} is one word too many.`);
  switch (command) {
    case 'trace':
      if (id === undefined) throw new CommandInvalid('trace: name the execution.');
      return (context) => replayTrace(context, id);
    case 'slots': {
      if (id === undefined) throw new CommandInvalid('slots: name the task.');
      const query = {
        taskId: id,
        fromMs: instant('--from', values.from, 0),
        toMs: instant('--to', values.to, FOR_EVER_MS),
      };
      return (context) => replaySlots(context, query);
    }
    case 'verify':
      if (id !== undefined) throw new CommandInvalid(`verify takes no ${id}.`);
      return replayVerify;
    default:
      throw new CommandInvalid(
        command === undefined ? 'What is to be done?' : `There is no ${command}.`,
      );
  }
}

function parsed(args: readonly string[]) {
  try {
    const options = { from: { type: 'string' }, to: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new CommandInvalid((cause as Error).message, { cause });
  }
}

function instant(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new CommandInvalid(`${name}: ${text} is no time.`);
  return ms;
}
