import type { SlotOutcome } from '../words.js';

/** Words of the ledger of a task. */
export const messages = {
  slots: 'Slots',
  lead: 'Every time that this task was to ring has one outcome, the latest first.',
  outcome: 'Outcome',
  outcomes: { fired: 'Fired', skipped: 'Skipped', missed: 'Missed' } satisfies Record<
    SlotOutcome,
    string
  >,
  columns: {
    time: 'Nominal time',
    schedule: 'Schedule',
    outcome: 'Outcome',
    why: 'Why',
    run: 'Run',
  },
  causes: {
    due: 'On time',
    catch_up: 'Caught up',
    moved: 'Moved by a calendar',
    later_slot: 'A later slot stood for it',
    too_late: 'Too late to start',
    not_caught_up: 'Not caught up',
    task_paused: 'The task was paused',
    calendar: 'A calendar forbids it',
    maintenance: 'Maintenance',
    merged: 'Another schedule rang at once',
    overlap: 'The run before was still going',
    buffer_full: 'Enough runs were waiting',
    superseded: 'A later run took its place',
    start_deadline: 'Not started in time',
    task_deleted: 'The task was deleted',
    target_missing: 'Nothing there to run',
  } as Record<string, string>,
  secondPass: 'second pass of a repeated hour',
  removedSchedule: 'a schedule that was removed',
  explain: (time: string) => `What led to the outcome of ${time}`,
  chain: 'What happened, in order',
  chainNone: 'Nothing more is known of it.',
  by: 'by',
  openRun: 'Open the run',
  older: 'Older slots',
  emptyTitle: 'No slot yet',
  emptyHint: 'As soon as a schedule of this task is due, its first slot is decided and shown here.',
  emptyFilter: 'No slot with this outcome',
  emptyFilterHint: 'Take a filter away to see more.',
} as const;
