import { attempt, dispatch, envelope, limit, log, maintenance, task, tick } from '#libs/contracts';

/** Enums of the log in the words of the API and the tables. A number unknown here falls to the first. */
function words<const W extends string>(
  table: Readonly<Record<number, W>>,
  otherwise: W,
): (value: number) => W {
  return (value) => table[value] ?? otherwise;
}

export const taskType = words(
  {
    [task.TaskType.BROWSER_AUTOMATION]: 'browser_automation',
    [task.TaskType.WORKFLOW]: 'workflow',
    [task.TaskType.SYSTEM]: 'system',
  },
  'system',
);

export const priority = words(
  {
    [task.Priority.LOW]: 'low',
    [task.Priority.NORMAL]: 'normal',
    [task.Priority.HIGH]: 'high',
    [task.Priority.CRITICAL]: 'critical',
  },
  'normal',
);

export const dstPolicy = words(
  {
    [task.DstPolicy.VIXIE]: 'vixie',
    [task.DstPolicy.SKIP]: 'skip',
    [task.DstPolicy.WALL]: 'wall',
  },
  'vixie',
);

export const catchUpMode = words(
  {
    [task.CatchUpMode.NONE]: 'none',
    [task.CatchUpMode.LATEST]: 'latest',
    [task.CatchUpMode.ALL]: 'all',
  },
  'latest',
);

export const overlapPolicy = words(
  {
    [task.OverlapPolicy.SKIP]: 'skip',
    [task.OverlapPolicy.BUFFER_ONE]: 'buffer_one',
    [task.OverlapPolicy.BUFFER_ALL]: 'buffer_all',
    [task.OverlapPolicy.CANCEL_OTHER]: 'cancel_other',
    [task.OverlapPolicy.TERMINATE_OTHER]: 'terminate_other',
    [task.OverlapPolicy.ALLOW_ALL]: 'allow_all',
  },
  'skip',
);

export const calendarRole = words(
  {
    [task.CalendarRole.INCLUDE]: 'include',
    [task.CalendarRole.EXCLUDE]: 'exclude',
  },
  'exclude',
);

export const calendarAction = words(
  {
    [task.CalendarAction.SKIP]: 'skip',
    [task.CalendarAction.AT_END]: 'at_end',
    [task.CalendarAction.NEXT_DAY]: 'next_day',
  },
  'skip',
);

export const aftermath = words(
  {
    [maintenance.Aftermath.SKIP]: 'skip',
    [maintenance.Aftermath.LATEST]: 'latest',
    [maintenance.Aftermath.ALL]: 'all',
  },
  'latest',
);

export const slotOutcome = words(
  {
    [tick.SlotOutcome.FIRED]: 'fired',
    [tick.SlotOutcome.SKIPPED]: 'skipped',
    [tick.SlotOutcome.MISSED]: 'missed',
  },
  'missed',
);

export const slotCause = words(
  {
    [tick.SlotCause.DUE]: 'due',
    [tick.SlotCause.CATCH_UP]: 'catch_up',
    [tick.SlotCause.LATER_SLOT]: 'later_slot',
    [tick.SlotCause.TOO_LATE]: 'too_late',
    [tick.SlotCause.TASK_PAUSED]: 'task_paused',
    [tick.SlotCause.NOT_CAUGHT_UP]: 'not_caught_up',
    [tick.SlotCause.CALENDAR]: 'calendar',
    [tick.SlotCause.MOVED]: 'moved',
    [tick.SlotCause.MERGED]: 'merged',
    [tick.SlotCause.MAINTENANCE]: 'maintenance',
  },
  'unspecified',
);

export const skipCause = words(
  {
    [dispatch.SkipCause.OVERLAP]: 'overlap',
    [dispatch.SkipCause.TASK_DELETED]: 'task_deleted',
    [dispatch.SkipCause.TARGET_MISSING]: 'target_missing',
    [dispatch.SkipCause.BUFFER_FULL]: 'buffer_full',
    [dispatch.SkipCause.SUPERSEDED]: 'superseded',
    [dispatch.SkipCause.RATE_LIMITED]: 'rate_limited',
    [dispatch.SkipCause.START_DEADLINE]: 'start_deadline',
  },
  'unspecified',
);

export const excess = words({ [limit.Excess.WAIT]: 'wait', [limit.Excess.SKIP]: 'skip' }, 'wait');

export const deadLetterCause = words(
  {
    [dispatch.DeadLetterCause.EXHAUSTED]: 'exhausted',
    [dispatch.DeadLetterCause.FINAL]: 'final',
    [dispatch.DeadLetterCause.POISON]: 'poison',
    [dispatch.DeadLetterCause.DEADLINE]: 'deadline',
  },
  'exhausted',
);

export const trigger = words(
  {
    [dispatch.Trigger.SCHEDULED]: 'scheduled',
    [dispatch.Trigger.MANUAL]: 'manual',
    [dispatch.Trigger.RETRY]: 'retry',
    [dispatch.Trigger.CATCH_UP]: 'catch_up',
    [dispatch.Trigger.BACKFILL]: 'backfill',
    [dispatch.Trigger.PARENT]: 'parent',
  },
  'manual',
);

export const endedStatus = words(
  {
    [dispatch.ExecutionStatus.SUCCESS]: 'success',
    [dispatch.ExecutionStatus.FAILED]: 'failed',
    [dispatch.ExecutionStatus.TIMEOUT]: 'timeout',
    [dispatch.ExecutionStatus.CANCELLED]: 'cancelled',
  },
  'failed',
);

export const attemptOutcome = words(
  {
    [attempt.AttemptOutcome.SUCCEEDED]: 'succeeded',
    [attempt.AttemptOutcome.FAILED]: 'failed',
    [attempt.AttemptOutcome.TIMED_OUT]: 'timed_out',
    [attempt.AttemptOutcome.CANCELLED]: 'cancelled',
    [attempt.AttemptOutcome.HANDED_BACK]: 'handed_back',
    [attempt.AttemptOutcome.SNOOZED]: 'snoozed',
  },
  'failed',
);

export const level = words(
  {
    [log.Level.DEBUG]: 'debug',
    [log.Level.INFO]: 'info',
    [log.Level.WARN]: 'warn',
    [log.Level.ERROR]: 'error',
  },
  'info',
);

export const actorKind = words(
  {
    [envelope.ActorKind.USER]: 'user',
    [envelope.ActorKind.SERVICE]: 'service',
    [envelope.ActorKind.SCHEDULE]: 'schedule',
  },
  'unknown',
);

/** Who did it: the id alone, which is what people know; without one, what kind of actor it was. */
export function actorName(actor: envelope.Actor | undefined): string {
  return actor?.id || actorKind(actor?.kind ?? envelope.ActorKind.UNSPECIFIED);
}
