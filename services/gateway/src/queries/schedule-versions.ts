import { type Selectable } from 'kysely';
import { type ScheduleVersionTable } from '#libs/read-model';
import { SCHEDULE_VERSIONS_MAX } from '../limits.js';
import { type Db } from './tasks.js';

export type ScheduleVersionRow = Selectable<ScheduleVersionTable>;

interface Of {
  readonly taskId: string;
  readonly scheduleId: string;
}

function versionsOf(db: Db, account: string, { taskId, scheduleId }: Of) {
  return db
    .selectFrom('schedule_version')
    .selectAll()
    .where('account', '=', account)
    .where('task_id', '=', taskId)
    .where('schedule_id', '=', scheduleId);
}

/** The newest first. */
export function versionsOfSchedule(db: Db, account: string, of: Of): Promise<ScheduleVersionRow[]> {
  return versionsOf(db, account, of)
    .orderBy('version', 'desc')
    .limit(SCHEDULE_VERSIONS_MAX)
    .execute();
}

export function findScheduleVersion(
  db: Db,
  account: string,
  { version, ...of }: Of & { readonly version: number },
): Promise<ScheduleVersionRow | undefined> {
  return versionsOf(db, account, of).where('version', '=', version).executeTakeFirst();
}

/** The version that a slot belongs to: a version owns the instants after it came into force. */
export function versionAt(
  db: Db,
  account: string,
  { at, ...of }: Of & { readonly at: Date },
): Promise<ScheduleVersionRow | undefined> {
  return versionsOf(db, account, of)
    .where('valid_from', '<=', at)
    .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>=', at)]))
    .orderBy('version')
    .limit(1)
    .executeTakeFirst();
}
