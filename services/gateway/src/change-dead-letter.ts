import { create, dispatch as d } from '#libs/contracts';
import { type By } from './change-task.js';
import { dispatchBy } from './commands.js';
import { commandBy, type GatewayParts, visible } from './gateway-parts.js';
import { DEAD_LETTERS_OF_ONE, REDRIVE_PER_MINUTE_DEFAULT } from './limits.js';
import { notReadableYet, RequestProblem, unknownDeadLetter, unknownRedrive } from './problem.js';
import {
  findDeadLetter,
  findRedrive,
  idsOfDeadLetters,
  type RedriveRow,
} from './queries/dead-letters.js';
import { type Accepted, ask, checkInput } from './run-task.js';
import {
  type DeadLetterChoice,
  type DiscardBody,
  type RedriveBody,
  type StartRedriveBody,
} from './shapes/dead-letter-input.js';

/** What failed for good, run again or discarded: one, or many that a filter finds. */

/** Its own input, or an edited one. */
export async function redriveOne(
  parts: GatewayParts,
  by: By,
  executionId: string,
  { parameters, note = '' }: RedriveBody = {},
): Promise<Accepted & { taskId: string }> {
  const row = await findDeadLetter(parts.db, by.caller.account, executionId);
  if (row === undefined) throw unknownDeadLetter(executionId);
  if (parameters !== undefined) await checkInput(parts, by, row.task_id, parameters);
  const parametersJson = parameters === undefined ? '' : JSON.stringify(parameters);
  const value = create(d.RedriveSchema, { executionId, parametersJson, note });
  try {
    return { ...(await ask(parts, by, { case: 'redrive', value })), taskId: row.task_id };
  } catch (error) {
    // The dispatcher forgets what was resolved; the list does not.
    throw isUnknown(error, 'dead-letter-unknown') ? resolved(row.status) : error;
  }
}

export interface Chosen {
  readonly count: number;
  /** More than may be taken at once: these are the oldest of them. */
  readonly hasMore: boolean;
}

export interface RedriveTold extends Chosen {
  /** Null after a dry run. */
  readonly redriveId: string | null;
  readonly position: number;
}

export async function startRedrive(
  parts: GatewayParts,
  by: By,
  { perMinute = REDRIVE_PER_MINUTE_DEFAULT, note = '', dryRun, ...choice }: StartRedriveBody,
): Promise<RedriveTold> {
  const { executionIds, chosenBy, ...chosen } = await choose(parts, by, choice);
  if (dryRun) return { ...chosen, redriveId: null, position: 0 };
  const value = create(d.StartRedriveSchema, { executionIds, perMinute, note, chosenBy });
  const context = commandBy(parts, by.caller, by.idempotencyKey);
  const accepted = await dispatchBy(context, { case: 'startRedrive', value });
  await visible(parts, by.caller, 'DISPATCH', accepted.position);
  return { ...chosen, redriveId: accepted.executionId, position: accepted.position };
}

export interface DiscardTold extends Chosen {
  readonly position: number;
}

export async function discardMany(
  parts: GatewayParts,
  by: By,
  { note = '', dryRun, ...choice }: DiscardBody,
): Promise<DiscardTold> {
  const { executionIds, chosenBy, ...chosen } = await choose(parts, by, choice);
  if (dryRun) return { ...chosen, position: 0 };
  const value = create(d.DiscardDeadLettersSchema, { executionIds, note, chosenBy });
  const context = commandBy(parts, by.caller, by.idempotencyKey);
  const { position } = await dispatchBy(context, { case: 'discardDeadLetters', value });
  await visible(parts, by.caller, 'DISPATCH', position);
  return { ...chosen, position };
}

/** The one, or why not. */
export async function discardOne(
  parts: GatewayParts,
  by: By,
  id: string,
  note = '',
): Promise<DiscardTold> {
  const row = await findDeadLetter(parts.db, by.caller.account, id);
  if (row === undefined) throw unknownDeadLetter(id);
  try {
    return await discardMany(parts, by, { ids: [id], note });
  } catch (error) {
    throw isUnknown(error, 'dead-letter-unknown') ? resolved(row.status) : error;
  }
}

/** The redrive as it is then. */
export async function cancelRedrive(
  parts: GatewayParts,
  by: By,
  redriveId: string,
): Promise<{ row: RedriveRow; position: number }> {
  const { account } = by.caller;
  const value = create(d.CancelRedriveSchema, { redriveId });
  const context = commandBy(parts, by.caller, by.idempotencyKey);
  const { position } = await dispatchBy(context, { case: 'cancelRedrive', value }).catch(
    async (error: unknown) => {
      if (!isUnknown(error, 'redrive-unknown')) throw error;
      const row = await findRedrive(parts.db, account, redriveId);
      if (row === undefined) throw unknownRedrive(redriveId);
      throw new RequestProblem('rejected', `The redrive has ended: ${row.status}.`, {
        code: 'redrive-ended',
      });
    },
  );
  if (!(await visible(parts, by.caller, 'DISPATCH', position))) throw notReadableYet(position);
  const row = await findRedrive(parts.db, account, redriveId);
  if (row === undefined) throw unknownRedrive(redriveId);
  return { row, position };
}

/** Counted from what is told: what is neither begun nor passed over, none once it was cancelled. */
export function redriveProgressOf(row: RedriveRow) {
  const { dead_letters, requested, passed_over, succeeded, failed, cancelled, status } = row;
  return {
    requested,
    passedOver: passed_over,
    open: Math.max(0, requested - succeeded - failed - cancelled),
    succeeded,
    failed,
    cancelled,
    remaining: status === 'cancelled' ? 0 : Math.max(0, dead_letters - requested - passed_over),
  };
}

async function choose(
  { db }: GatewayParts,
  { caller, idempotencyKey }: By,
  { ids, filter }: DeadLetterChoice,
): Promise<Chosen & { executionIds: string[]; chosenBy: string }> {
  const found = ids ?? (await idsOfDeadLetters(db, caller.account, filter ?? {}));
  const executionIds = found.slice(0, DEAD_LETTERS_OF_ONE);
  // Under a key it may have been done before, and have left nothing to find.
  if (executionIds.length === 0 && idempotencyKey === undefined)
    throw new RequestProblem('rejected', 'No open dead letter is like this.', {
      code: 'nothing-chosen',
    });
  return {
    executionIds,
    chosenBy: ids === undefined ? JSON.stringify(filter ?? {}) : '',
    count: executionIds.length,
    hasMore: found.length > executionIds.length,
  };
}

function isUnknown(error: unknown, code: string): boolean {
  return error instanceof RequestProblem && error.code === code;
}

function resolved(status: string): RequestProblem {
  const how = status === 'open' ? 'is being resolved' : `was ${status} before`;
  return new RequestProblem('rejected', `The dead letter ${how}.`, {
    code: 'dead-letter-resolved',
  });
}
