import { recordDeadLetters } from './dead-letters.ts';
import { recordAutomation, recordCalendar, recordMaintenance, recordTask } from './definitions.ts';
import { recordDispatch, recordTick, recordWholeRun } from './journals.ts';
import { recordAccount, recordLimit, recordPool, recordQueue } from './queues.ts';
import type { Recorder } from './recorder.ts';
import { recordRun, recordWorkflow } from './workflows.ts';

/** One history an aggregate, and a whole run. */
export const histories: Readonly<Record<string, () => Recorder>> = {
  task: recordTask,
  automation: recordAutomation,
  calendar: recordCalendar,
  maintenance: recordMaintenance,
  pool: recordPool,
  limit: recordLimit,
  account: recordAccount,
  tick: recordTick,
  dispatch: recordDispatch,
  'dead-letters': recordDeadLetters,
  queue: recordQueue,
  'whole-run': recordWholeRun,
  workflow: recordWorkflow,
  run: recordRun,
};
