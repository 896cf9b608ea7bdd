import { type ExpressionBuilder, type Selectable } from 'kysely';
import { z } from 'zod';
import { type DeadLetterTable, type ReadModel, type RedriveTable } from '#libs/read-model';
import { DEAD_LETTERS_OF_ONE, REDRIVES_MAX } from '../limits.js';
import { type CountedPage, columnOf, type Order, readCounted, type Window } from './keyset.js';
import { type Db } from './tasks.js';

export type DeadLetterRow = Selectable<DeadLetterTable>;
export type RedriveRow = Selectable<RedriveTable>;

export interface DeadLetterConditions {
  readonly status?: readonly string[] | undefined;
  readonly taskId?: string | undefined;
  readonly cause?: readonly string[] | undefined;
  readonly errorCode?: string | undefined;
  /** By the time of death: from included, to excluded. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

const byDeath: Order<DeadLetterRow> = {
  columns: ['died_at', 'id'],
  direction: 'desc',
  place: z.tuple([columnOf.time, columnOf.id]),
};

/** The latest first. */
export function listDeadLetters(
  db: Db,
  account: string,
  filter: DeadLetterConditions,
  window: Window,
): Promise<CountedPage<DeadLetterRow>> {
  const matching = db
    .selectFrom('dead_letter')
    .where('account', '=', account)
    .where((eb) => eb.and(conditions(eb, filter)));
  return readCounted(db, matching, byDeath, window);
}

/** Open ones that a filter finds, the oldest first; one more than may be taken at once, if there is one. */
export async function idsOfDeadLetters(
  db: Db,
  account: string,
  filter: DeadLetterConditions,
): Promise<string[]> {
  const rows = await db
    .selectFrom('dead_letter')
    .select('id')
    .where('account', '=', account)
    .where((eb) => eb.and(conditions(eb, { ...filter, status: ['open'] })))
    .orderBy('died_at')
    .orderBy('id')
    .limit(DEAD_LETTERS_OF_ONE + 1)
    .execute();
  return rows.map(({ id }) => id);
}

function conditions(
  eb: ExpressionBuilder<ReadModel, 'dead_letter'>,
  { status, taskId, cause, errorCode, from, to }: DeadLetterConditions,
) {
  return [
    ...(status?.length ? [eb('status', 'in', [...status])] : []),
    ...(taskId === undefined ? [] : [eb('task_id', '=', taskId)]),
    ...(cause?.length ? [eb('cause', 'in', [...cause])] : []),
    ...(errorCode === undefined ? [] : [eb('error_code', '=', errorCode)]),
    ...(from === undefined ? [] : [eb('died_at', '>=', from)]),
    ...(to === undefined ? [] : [eb('died_at', '<', to)]),
  ];
}

export async function findDeadLetter(
  db: Db,
  account: string,
  id: string,
): Promise<DeadLetterRow | undefined> {
  return (await deadLettersByIds(db, account, [id]))[0];
}

export function deadLettersByIds(
  db: Db,
  account: string,
  ids: readonly string[],
): Promise<DeadLetterRow[]> {
  return db
    .selectFrom('dead_letter')
    .selectAll()
    .where('account', '=', account)
    .where('id', 'in', ids)
    .execute();
}

/** The newest first. */
export function listRedrives(db: Db, account: string): Promise<RedriveRow[]> {
  return db
    .selectFrom('redrive')
    .selectAll()
    .where('account', '=', account)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(REDRIVES_MAX)
    .execute();
}

export async function findRedrive(
  db: Db,
  account: string,
  id: string,
): Promise<RedriveRow | undefined> {
  return (await redrivesByIds(db, account, [id]))[0];
}

export function redrivesByIds(
  db: Db,
  account: string,
  ids: readonly string[],
): Promise<RedriveRow[]> {
  return db
    .selectFrom('redrive')
    .selectAll()
    .where('account', '=', account)
    .where('id', 'in', ids)
    .execute();
}
