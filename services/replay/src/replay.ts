import type { EventLog } from '#libs/event-log';
import { verifyReadModel } from '#libs/read-model';
import type { Verdict } from './finding.js';
import { time } from './say.js';
import { knowsTask, type SlotQuery, saySlotFate, slotsOf } from './slots.js';
import { trace } from './trace.js';
import { verifyDefinitions } from './verify-definitions.js';
import { verifyDispatch } from './verify-dispatch.js';
import { verifyTicks } from './verify-ticks.js';

export interface ReplayContext {
  readonly log: EventLog;
  readonly shards: number;
  readonly databaseUrl: string | undefined;
  readonly print: (line: string) => void;
}

/** Prints the story of one execution. Gives the exit code. */
export async function replayTrace(context: ReplayContext, executionId: string): Promise<number> {
  const { log, print } = context;
  const steps = await trace(log, executionId);
  const [first] = steps;
  if (first === undefined) {
    print(`The log has no execution ${executionId}.`);
    return 1;
  }
  print(`Execution ${executionId}`);
  for (const { atMs, stream, seq, text } of steps) {
    const offset = `+${((atMs - first.atMs) / 1_000).toFixed(3)} s`.padStart(12);
    print(`${time(atMs)} ${offset}  ${`${stream} ${seq}`.padEnd(16)} ${text}`);
  }
  return 0;
}

/** Prints every slot of a task in a range, with its one outcome. Gives the exit code. */
export async function replaySlots(context: ReplayContext, query: SlotQuery): Promise<number> {
  const { log, print } = context;
  if (!(await knowsTask(log, query.taskId))) {
    print(`The log has no task ${query.taskId}.`);
    return 1;
  }
  const slots = await slotsOf(log, query);
  for (const slot of slots) print(saySlotFate(slot));
  print(`${slots.length} slots`);
  return 0;
}

/** Derives everything again, and says the first place that does not fit. Gives the exit code. */
export async function replayVerify(context: ReplayContext): Promise<number> {
  const { log, shards, databaseUrl, print } = context;
  const startedAt = performance.now();
  const verdicts: Verdict[] = [await verifyDefinitions(log)];
  for (let shard = 0; shard < shards; shard++) {
    verdicts.push(await verifyTicks(log, shard, shards));
    verdicts.push(await verifyDispatch(log, shard, shards));
  }
  for (const { checked, commits, finding } of verdicts)
    print(
      finding === undefined
        ? `ok    ${checked}: ${commits} commits`
        : `WRONG ${checked}: ${finding.where}: ${finding.what} (${commits} commits before it fit)`,
    );
  const tablesFit = databaseUrl === undefined || (await verifyTables(log, databaseUrl, print));
  if (databaseUrl === undefined)
    print('-     read tables: left out, since DATABASE_URL is not set');
  print(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  return tablesFit && verdicts.every(({ finding }) => finding === undefined) ? 0 : 1;
}

async function verifyTables(
  log: EventLog,
  url: string,
  print: (line: string) => void,
): Promise<boolean> {
  const { tables, difference } = await verifyReadModel({ url, log });
  for (const { table, rows, hash } of tables)
    print(
      `${difference?.table === table ? 'WRONG' : 'ok   '} table ${table}: ${rows} rows, ${hash}`,
    );
  if (difference === undefined) return true;
  print(`      the first row that differs: ${JSON.stringify(difference)}`);
  return false;
}
