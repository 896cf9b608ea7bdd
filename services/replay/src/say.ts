import {
  type AttemptFact,
  attempt as a,
  type DomainEvent,
  dispatch as d,
  envelope,
  type RunEvent,
  task as t,
  tick,
  workflow as w,
} from '#libs/contracts';
import { addMicros, totalOf, unitsOf, WAIT_CAUSES, type WaitCause, type Waits } from '#libs/domain';

/** `LATER_SLOT` becomes `later slot`. */
export function words(name: string | undefined): string {
  return (name ?? 'unknown').toLowerCase().replaceAll('_', ' ');
}

export function time(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function saySlot(slot: tick.Slot): string {
  const outcome = words(tick.SlotOutcome[slot.outcome]);
  const cause = words(tick.SlotCause[slot.cause]);
  return `slot ${slot.local} ${slot.zone} of schedule ${slot.scheduleId}, due ${time(slot.dueAtMs)}: ${outcome} (${cause})`;
}

export function sayFact(fact: AttemptFact): string {
  const who = `attempt ${fact.attempt}, fence ${fact.fence}: worker ${fact.workerId}`;
  if (fact.$typeName === 'attempt.v1.AttemptStarted') return `${who} tells its start`;
  return `${who} tells its end: ${words(a.AttemptOutcome[fact.outcome])}${sayError(fact.error)}`;
}

function sayError(error: a.AttemptError | undefined): string {
  return error === undefined ? '' : `, ${error.code}: ${error.message}`;
}

const DEAD_LETTER_CAUSES: Readonly<Record<d.DeadLetterCause, string>> = {
  [d.DeadLetterCause.UNSPECIFIED]: 'unknown cause',
  [d.DeadLetterCause.EXHAUSTED]: 'the last of its retries failed, too',
  [d.DeadLetterCause.FINAL]: 'no retry may mend its error',
  [d.DeadLetterCause.POISON]: 'it took its worker or its process with it again and again',
  [d.DeadLetterCause.DEADLINE]: 'its total deadline left no time for another attempt',
};

function sayLimits({ limits }: d.ExecutionRequested): string {
  const each = limits.map(({ name, key }) => `${name} (key "${key}")`);
  return each.length === 0 ? '' : `, under limit ${each.join(', ')}`;
}

function sayOrigin({
  retryOf,
  redriveOf,
  redriveId,
  redriveNote,
  parent,
  origin,
}: d.ExecutionRequested): string {
  if (parent !== undefined) return `, for step ${parent.stepKey} of ${parent.executionId}`;
  if (origin !== undefined)
    return `, goes on from ${origin.executionId} before ${origin.stepPath || 'the step that failed'}`;
  if (redriveId !== '') return `, dead letter ${redriveOf} run again by redrive ${redriveId}`;
  const said = redriveNote === '' ? '' : ` (${redriveNote})`;
  if (redriveOf !== '') return `, dead letter ${redriveOf} run again${said}`;
  return retryOf === '' ? '' : `, a retry of ${retryOf}`;
}

/** Why a slot led to no run, and what stood in its way. */
export function saySkip(event: d.ExecutionSkipped): string {
  const { cause, blockingExecutionId, maintenanceId, detail } = event;
  const by = blockingExecutionId === '' ? '' : ` by ${blockingExecutionId}`;
  const held = maintenanceId === '' ? '' : `, held by maintenance ${maintenanceId}`;
  const more = detail === '' ? '' : `: ${detail}`;
  return `${words(d.SkipCause[cause])}${by}${held}${more}`;
}

function sayWait({ queueMs, limitMs }: d.AttemptReleased): string {
  const parts = [
    ...(queueMs > 0 ? [`${queueMs} ms for its turn`] : []),
    ...(limitMs > 0 ? [`${limitMs} ms for a limit`] : []),
  ];
  return parts.length === 0 ? '' : `, having waited ${parts.join(' and ')}`;
}

/** Nothing, when it cost nothing. */
function sayCost(
  event: Pick<d.AttemptClosed, 'computeCostMicros' | 'apiCostMicros' | 'currency'>,
): string {
  const { computeCostMicros, apiCostMicros, currency } = event;
  const micros = addMicros(computeCostMicros, apiCostMicros);
  if (micros === 0) return '';
  const api = apiCostMicros === 0 ? '' : `, ${unitsOf(apiCostMicros)} of it for APIs`;
  return `, cost ${unitsOf(micros)}${currency && ` ${currency}`}${api}`;
}

const WAIT_WORDS: Readonly<Record<WaitCause, string>> = {
  planner: 'until it was in the queue',
  queue: 'for its turn',
  limit: 'for a limit',
  retry: 'between attempts',
  workerStart: 'for a worker to begin',
  userCode: 'in its code',
};

/** What a run waited for, with the largest first. */
export function sayWaits(waits: Waits): string {
  const parts = WAIT_CAUSES.filter((cause) => waits[cause] > 0)
    .toSorted((one, other) => waits[other] - waits[one])
    .map((cause) => `${waits[cause]} ms ${WAIT_WORDS[cause]}`);
  const each = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `${totalOf(waits)} ms since its instant${each}`;
}

/** An event of the dispatch journal in a sentence. */
export function sayEvent(event: DomainEvent, actor: envelope.Actor): string {
  switch (event.$typeName) {
    case 'dispatch.v1.ExecutionRequested': {
      const { spec, trigger } = event;
      const by = `${words(envelope.ActorKind[actor.kind])} ${actor.id}`;
      const type = words(t.TaskType[spec?.type ?? t.TaskType.UNSPECIFIED]);
      return `requested (${words(d.Trigger[trigger])}, by ${by}): task "${spec?.taskName}" ${spec?.taskId}, ${type}, pool ${spec?.pool}, parameters ${spec?.parametersJson}${sayLimits(event)}${sayOrigin(event)}`;
    }
    case 'dispatch.v1.ExecutionSkipped':
      return `skipped: ${saySkip(event)}`;
    case 'dispatch.v1.AttemptReleased':
      return `attempt ${event.attempt} given to worker ${event.workerId} with fence ${event.fence}${sayWait(event)}`;
    case 'dispatch.v1.AttemptAccepted':
      return `attempt ${event.attempt}, fence ${event.fence}: start of worker ${event.workerId} accepted`;
    case 'dispatch.v1.AttemptClosed':
      return `attempt ${event.attempt}, fence ${event.fence}: ${words(a.AttemptOutcome[event.outcome])}${sayError(event.error)}${sayCost(event)}`;
    case 'dispatch.v1.AttemptLost':
      return `attempt ${event.attempt}, fence ${event.fence}: lost (${words(d.LossCause[event.cause])})`;
    case 'dispatch.v1.RetryPlanned':
      return `attempt ${event.nextAttempt} planned for ${time(event.dueAtMs)}`;
    case 'dispatch.v1.ExecutionQueued':
      return `queued again for attempt ${event.nextAttempt}`;
    case 'dispatch.v1.CancelRequested':
      return `cancel requested${event.force ? ' without grace' : ''} by ${actor.id}${event.reason === '' ? '' : `: ${event.reason}`}`;
    case 'dispatch.v1.ExecutionFinished':
      return `finished: ${words(d.ExecutionStatus[event.status])} after ${event.attempts} attempt(s)${sayError(event.error)}${sayCost(event)}`;
    case 'dispatch.v1.DeadlinePassed':
      return `its total deadline came (${time(event.deadlineAtMs)}): the attempt is stopped, and none follows`;
    case 'dispatch.v1.ExecutionDeadLettered':
      return `dead letter: ${DEAD_LETTER_CAUSES[event.cause]}, after ${event.attempts} attempt(s)${sayError(event.error)}`;
    case 'dispatch.v1.DeadLettersDiscarded':
      return `${event.executionIds.length} dead letter(s) discarded ${event.cause === d.DiscardCause.ROOM ? 'since the account keeps no more of them' : `by ${actor.id}`}${event.note === '' ? '' : `: ${event.note}`}`;
    case 'dispatch.v1.RedriveStarted':
      return `redrive of ${event.deadLetterIds.length} dead letter(s) begun by ${actor.id}, ${event.perMinute} a minute`;
    case 'dispatch.v1.DeadLetterPassedOver':
      return `passed over by redrive ${event.redriveId}: ${words(d.PassOverCause[event.cause])}`;
    case 'dispatch.v1.RedriveCancelled':
      return `redrive cancelled by ${actor.id}: what was started goes on`;
    case 'dispatch.v1.RedriveFinished':
      return 'redrive finished';
    case 'dispatch.v1.ExecutionSnoozed':
      return `waits without a slot${event.untilMs > 0 ? ` until ${time(event.untilMs)}` : ''}${event.listens ? ', for an event' : ''}${event.children > 0 ? `, for ${event.children} child execution(s)` : ''}`;
    case 'dispatch.v1.ExecutionWoken':
      return `woken by an event (RUNS ${event.runSeq})`;
    case 'dispatch.v1.ChildEnded':
      return `its child ${event.child?.childExecutionId} of step ${event.child?.stepKey} has ended: ${event.child?.status}`;
    case 'dispatch.v1.StaleFactIgnored':
      return `a stale ${event.factType} of worker ${event.workerId} (fence ${event.fence}) ignored`;
    default:
      return event.$typeName;
  }
}

/** A fact of a run in a sentence. */
export function sayRunEvent(event: RunEvent): string {
  if (event.$typeName === 'workflow.v1.RunStarted') {
    const from = event.cutBefore;
    const cut = from === undefined ? '' : `, with the history of ${from.executionId}`;
    return `run of workflow ${event.workflowId} begun${cut}`;
  }
  if (event.$typeName === 'workflow.v1.EventReceived') return `event ${event.eventJson} received`;
  const { path = '', iteration = [] } = event.step ?? {};
  const step = `step ${path}${iteration.length === 0 ? '' : `#${iteration.join('.')}`}`;
  switch (event.$typeName) {
    case 'workflow.v1.StepStarted':
      return `${step} begun by attempt ${event.attempt} (fence ${event.fence})`;
    case 'workflow.v1.StepFinished':
      return `${step} done`;
    case 'workflow.v1.StepFailed':
      return `${step} failed: ${event.error?.title} ${event.error?.detail}`;
    case 'workflow.v1.WaitStarted':
      return `${step}: ${words(w.TimerPurpose[event.purpose])} until ${time(event.untilMs)}`;
    case 'workflow.v1.ListenStarted':
      return `${step} listens`;
    case 'workflow.v1.TimerFired':
      return `${step}: its ${words(w.TimerPurpose[event.purpose])} is over`;
  }
}
