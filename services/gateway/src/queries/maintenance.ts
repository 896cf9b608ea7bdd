import { type Selectable } from 'kysely';
import { SYSTEM_ACCOUNT } from '#libs/contracts';
import { type MaintenanceTable } from '#libs/read-model';
import { MAINTENANCES_MAX } from '../limits.js';
import { type Db } from './tasks.js';

export type MaintenanceRow = Selectable<MaintenanceTable>;

/** An account is held by its own maintenances, and by those of the whole system. */
function holding(account: string): string[] {
  return [account, SYSTEM_ACCOUNT];
}

/** The one that begins last comes first. */
export function listMaintenances(db: Db, account: string): Promise<MaintenanceRow[]> {
  return db
    .selectFrom('maintenance')
    .selectAll()
    .where('account', 'in', holding(account))
    .orderBy('from_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAINTENANCES_MAX)
    .execute();
}

/** Those that hold at some time after `after`. */
export function maintenancesAfter(db: Db, account: string, after: Date): Promise<MaintenanceRow[]> {
  return db
    .selectFrom('maintenance')
    .selectAll()
    .where('account', 'in', holding(account))
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', after)]))
    .orderBy('from_at')
    .limit(MAINTENANCES_MAX)
    .execute();
}

/** Those that held at some time in a range. */
export function maintenancesWithin(
  db: Db,
  account: string,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<MaintenanceRow[]> {
  return db
    .selectFrom('maintenance')
    .selectAll()
    .where('account', 'in', holding(account))
    .where('from_at', '<', to)
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', from)]))
    .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', from)]))
    .orderBy('from_at')
    .limit(MAINTENANCES_MAX)
    .execute();
}

export function findMaintenance(
  db: Db,
  account: string,
  id: string,
): Promise<MaintenanceRow | undefined> {
  return db
    .selectFrom('maintenance')
    .selectAll()
    .where('account', 'in', holding(account))
    .where('id', '=', id)
    .executeTakeFirst();
}
