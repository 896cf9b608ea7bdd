import { create, dispatch as d } from '#libs/contracts';
import { type By, dispatchFor } from '../commands/carry-out.js';
import { changeOngoing, orOver } from '../commands/ongoing.js';
import { type GatewayParts } from '../gateway-parts.js';
import { DEAD_LETTERS_OF_ONE, REDRIVE_PER_MINUTE_DEFAULT } from '../limits.js';
import { RequestProblem } from '../problems/problem.js';
import { known, unknownDeadLetter, unknownRedrive } from '../problems/unknown.js';
import {
  type DeadLetterRow,
  findDeadLetter,
  findRedrive,
  idsOfDeadLetters,
  type RedriveRow,
} from '../queries/dead-letters.js';
import {
  type DeadLetterChoice,
  type DiscardBody,
  type RedriveBody,
  type StartRedriveBody,
} from '../shapes/dead-letter-input.js';
import { type Accepted, ask, checkInput } from './run-task.js';

/** What failed for good, run again or discarded: one, or many that a filter finds. */

/** Its own input, or an edited one. */
export async function redriveOne(
  parts: GatewayParts,
  by: By,
  executionId: string,
  { parameters, note = '' }: RedriveBody = {},
): Promise<Accepted> {
  const row = await letterOf(parts, by, executionId);
  if (parameters !== undefined) await checkInput(parts, by, row.task_id, parameters);
  const parametersJson = parameters === undefined ? '' : JSON.stringify(parameters);
  const value = create(d.RedriveSchema, { executionId, parametersJson, note });
  return orResolved(ask(parts, by, row.task_id, { case: 'redrive', value }), row);
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
  const accepted = await dispatchFor(parts, by, { case: 'startRedrive', value });
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
  const { position } = await dispatchFor(parts, by, { case: 'discardDeadLetters', value });
  return { ...chosen, position };
}

/** The one, or why not. */
export async function discardOne(
  parts: GatewayParts,
  by: By,
  id: string,
  note = '',
): Promise<DiscardTold> {
  const row = await letterOf(parts, by, id);
  return orResolved(discardMany(parts, by, { ids: [id], note }), row);
}

/** The redrive as it is then. */
export function cancelRedrive(
  parts: GatewayParts,
  by: By,
  redriveId: string,
): Promise<{ row: RedriveRow; position: number }> {
  const value = create(d.CancelRedriveSchema, { redriveId });
  const kind = { noun: 'redrive', unknown: unknownRedrive, find: findRedrive } as const;
  return changeOngoing(parts, by, kind, redriveId, { case: 'cancelRedrive', value });
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

async function letterOf({ db }: GatewayParts, { caller }: By, id: string): Promise<DeadLetterRow> {
  return known(await findDeadLetter(db, caller.account, id), unknownDeadLetter, id);
}

/** The dispatcher forgets what was resolved; the list does not. */
function orResolved<T>(work: Promise<T>, { status }: DeadLetterRow): Promise<T> {
  return orOver(work, 'dead-letter-unknown', async () => {
    const how = status === 'open' ? 'is being resolved' : `was ${status} before`;
    return new RequestProblem('rejected', `The dead letter ${how}.`, {
      code: 'dead-letter-resolved',
    });
  });
}
