import { scopeOf } from '../identity.js';
import { type ExecutionRow } from '../queries/executions.js';
import { type SlotFacts } from './slot-facts.js';

/** One thing that happened on the way to the outcome of a slot. */
export interface Link {
  readonly at: Date;
  readonly what: string;
  readonly by: string | null;
}

/** Everything known around a slot, in the order in which it happened. */
export function chainOf(facts: SlotFacts): Link[] {
  const { slot, execution, blocking, instead } = facts;
  const links: Link[] = [
    ...definitionLinks(facts),
    { at: slot.due_at, what: `The slot ${slot.local} was due.`, by: null },
    ...lateLook(slot),
    ...(execution === undefined ? [] : runLinks('Its execution', execution)),
    ...(blocking === undefined ? [] : runLinks('The run in its way', blocking)),
  ];
  if (instead !== undefined) {
    const { due_at, local } = instead.slot;
    links.push({ at: due_at, what: `The slot ${local} ran in its place.`, by: null });
    if (instead.execution) links.push(...runLinks('The execution of that', instead.execution));
  }
  return links.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** When the ticker looked at it, where that was not in time. */
function lateLook({ outcome, cause, decided_at }: SlotFacts['slot']): Link[] {
  const isLate = outcome === 'missed' || cause === 'catch_up';
  if (!isLate || decided_at === null) return [];
  return [{ at: decided_at, what: 'The ticker looked at it.', by: null }];
}

/** What somebody had defined. */
function definitionLinks({ version, calendar, maintenance, pause }: SlotFacts): Link[] {
  const links: Link[] = [];
  if (version) {
    const note = version.note ? ` (${version.note})` : '';
    const what = `Version ${version.version} of the schedule came into force${note}.`;
    links.push({ at: version.valid_from, what, by: version.author });
  }
  if (calendar) {
    const what = `Calendar *${calendar.name}* v${calendar.version} was saved.`;
    links.push({ at: calendar.saved_at, what, by: calendar.author });
  }
  if (maintenance) {
    const { planned_at, from_at, author, ended_at, ended_by } = maintenance;
    const whole = scopeOf(maintenance) === 'system' ? ' of the whole system' : '';
    const name = `The maintenance${whole}`;
    links.push({ at: planned_at, what: `${name} was planned.`, by: author });
    links.push({ at: from_at, what: `${name} began.`, by: null });
    if (ended_at) links.push({ at: ended_at, what: `${name} was ended.`, by: ended_by });
  }
  if (pause) links.push({ at: pause.occurred_at, what: 'The task was paused.', by: pause.actor });
  return links;
}

function runLinks(name: string, run: ExecutionRow): Link[] {
  const links: Link[] = [
    { at: run.requested_at, what: `${name} ${run.id} was requested.`, by: null },
  ];
  const by = run.worker_id;
  if (run.started_at) links.push({ at: run.started_at, what: `${name} started.`, by });
  if (run.ended_at) links.push({ at: run.ended_at, what: `${name} ended: ${run.status}.`, by });
  return links;
}
