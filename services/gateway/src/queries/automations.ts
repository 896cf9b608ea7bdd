import { type Selectable } from 'kysely';
import { type AutomationTable } from '#libs/read-model';
import { AUTOMATIONS_MAX } from '../limits.js';
import { type Db } from './tasks.js';

export type AutomationRow = Selectable<AutomationTable>;

/** By name. */
export function listAutomations(db: Db, account: string): Promise<AutomationRow[]> {
  return db
    .selectFrom('automation')
    .selectAll()
    .where('account', '=', account)
    .where('deleted', '=', false)
    .orderBy('name')
    .orderBy('id')
    .limit(AUTOMATIONS_MAX)
    .execute();
}

export function findAutomation(
  db: Db,
  account: string,
  id: string,
): Promise<AutomationRow | undefined> {
  return db
    .selectFrom('automation')
    .selectAll()
    .where('account', '=', account)
    .where('id', '=', id)
    .where('deleted', '=', false)
    .executeTakeFirst();
}
