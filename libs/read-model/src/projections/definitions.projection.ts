import type { Transaction } from 'kysely';
import type { Recorded } from '#libs/consumer';
import { subjects } from '#libs/contracts';
import type { Row } from '../columns.js';
import { foldedSource, type Projection, type Touched } from '../projection.js';
import { insertNew } from '../rows.js';
import { json, name, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import { AutomationRows } from './automation-rows.js';
import { CalendarRows } from './calendar-rows.js';
import { CapacityRows } from './capacity-rows.js';
import { changesIn } from './definition-changes.js';
import { MaintenanceRows } from './maintenance-rows.js';
import { settingsJson, TaskRows, targetJson } from './task-rows.js';
import { taskType } from './words.js';
import { WorkflowRows } from './workflow-rows.js';

interface DefinitionsFold {
  readonly tasks: TaskRows;
  readonly automations: AutomationRows;
  readonly workflows: WorkflowRows;
  readonly calendars: CalendarRows;
  readonly maintenances: MaintenanceRows;
  readonly capacity: CapacityRows;
  readonly changes: readonly Row<'definition_change'>[];
}

async function open(
  tx: Transaction<ReadModel>,
  commits: readonly Recorded[],
): Promise<DefinitionsFold> {
  const fold = {
    tasks: new TaskRows(),
    automations: new AutomationRows(),
    workflows: new WorkflowRows(),
    calendars: new CalendarRows(),
    maintenances: new MaintenanceRows(),
    capacity: new CapacityRows(),
    changes: changesIn(commits),
  };
  await fold.tasks.open(tx, commits);
  await fold.automations.open(tx, commits);
  await fold.workflows.open(tx, commits);
  await fold.calendars.open(tx, commits);
  await fold.maintenances.open(tx, commits);
  await fold.capacity.open(tx, commits);
  return fold;
}

async function save(tx: Transaction<ReadModel>, fold: DefinitionsFold): Promise<Touched[]> {
  const touched = [
    ...(await fold.tasks.save(tx)),
    ...(await fold.automations.save(tx)),
    ...(await fold.workflows.save(tx)),
    ...(await fold.calendars.save(tx)),
    ...(await fold.maintenances.save(tx)),
    ...(await fold.capacity.save(tx)),
  ];
  await insertNew(tx, 'definition_change', fold.changes);
  return touched;
}

/**
 * Everything that is defined, and its history. One projection for all kinds: whoever waits for a
 * position of DEFINITIONS then waits for one transaction, whatever kind the commit is of.
 */
export const definitionsProjection: Projection = {
  name: 'definitions',
  version: 4,
  tables: [
    'task',
    'schedule',
    'schedule_version',
    'automation',
    'workflow',
    'workflow_version',
    'calendar',
    'calendar_version',
    'maintenance',
    'pool',
    'named_limit',
    'account_limits',
    'definition_change',
  ],
  sources: [
    foldedSource({
      stream: 'DEFINITIONS',
      subjects: [
        subjects.definitionsOfKind('task'),
        subjects.definitionsOfKind('automation'),
        subjects.definitionsOfKind('workflow'),
        subjects.definitionsOfKind('calendar'),
        subjects.definitionsOfKind('maintenance'),
        subjects.definitionsOfKind('pool'),
        subjects.definitionsOfKind('limit'),
        subjects.definitionsOfKind('account'),
      ],
      aggregates: [
        'task',
        'automation',
        'workflow',
        'calendar',
        'maintenance',
        'pool',
        'limit',
        'account',
      ],
      open,
      save,
      handles: {
        TaskCreated: ({ tasks }, event, place) => tasks.create(event, place),
        TaskRenamed: ({ tasks }, event, place) => {
          tasks.change(place, { name: name(event.name) });
        },
        TaskDescribed: ({ tasks }, event, place) => {
          tasks.change(place, { description: text(event.description) });
        },
        TaskRetargeted: ({ tasks }, event, place) => {
          tasks.change(place, { type: taskType(event.type), target: targetJson(event.target) });
        },
        ParametersChanged: ({ tasks }, event, place) => {
          tasks.change(place, { parameters: json(event.parametersJson) });
        },
        SettingsChanged: ({ tasks }, event, place) => {
          tasks.change(place, { settings: settingsJson(event.settings) });
        },
        ScheduleAdded: ({ tasks }, event, place) => tasks.putSchedule(event.schedule, '', place),
        ScheduleChanged: ({ tasks }, event, place) =>
          tasks.putSchedule(event.schedule, event.note, place),
        ScheduleRemoved: ({ tasks }, event, place) => tasks.removeSchedule(event.scheduleId, place),
        TaskPaused: ({ tasks }, event, place) => tasks.pause(event, place),
        TaskResumed: ({ tasks }, _event, place) => tasks.resume(place),
        TaskDeleted: ({ tasks }, _event, place) => tasks.delete(place),
        AutomationSaved: ({ automations }, event, place) => automations.put(event, place),
        AutomationDeleted: ({ automations }, _event, place) => automations.delete(place),
        WorkflowSaved: ({ workflows }, event, place) => workflows.put(event, place),
        WorkflowDeleted: ({ workflows }, _event, place) => workflows.delete(place),
        CalendarSaved: ({ calendars }, event, place) => calendars.put(event, place),
        CalendarDeleted: ({ calendars }, _event, place) => calendars.delete(place),
        MaintenancePlanned: ({ maintenances }, event, place) => maintenances.plan(event, place),
        MaintenanceEnded: ({ maintenances }, _event, place) => maintenances.end(place),
        PoolSaved: ({ capacity }, event, place) => capacity.savePool(event, place),
        PoolPaused: ({ capacity }, event, place) => capacity.pausePool(event, place),
        PoolResumed: ({ capacity }, _event, place) => capacity.resumePool(place),
        PoolDeleted: ({ capacity }, _event, place) => capacity.deletePool(place),
        LimitSaved: ({ capacity }, event, place) => capacity.saveLimit(event, place),
        LimitDeleted: ({ capacity }, _event, place) => capacity.deleteLimit(place),
        AccountLimitsSet: ({ capacity }, event, place) => capacity.setAccount(event, place),
      },
      ignores: [],
    }),
  ],
};
