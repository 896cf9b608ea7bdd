import { dispatch as d } from '#libs/contracts';
import { askOwner } from '../commands/ask-owner.js';
import { type GatewayParts } from '../gateway-parts.js';
import { type WaitCauseWord } from '../shapes/words.js';

/** What a queued execution waits for, by the owner of its shard, who alone knows. */
export interface ToldWait {
  readonly cause: WaitCauseWord;
  /** The same as a sentence. */
  readonly says: string;
  readonly queuePosition: number;
  readonly estimatedStart: Date | null;
  readonly limitId: string | null;
  readonly used: number | null;
  readonly bound: number | null;
  readonly until: Date | null;
}

/** Null: it does not wait, or nobody can tell. */
export async function readWait(
  parts: GatewayParts,
  account: string,
  row: { readonly id: string; readonly status: string },
): Promise<ToldWait | null> {
  if (!['queued', 'retrying', 'waiting'].includes(row.status)) return null;
  const value = { $typeName: 'dispatch.v1.AskPlace', executionId: row.id } as const;
  const reply = await askOwner(parts, account, { case: 'place', value });
  return reply?.case === 'place' && reply.value.waiting ? toldWait(reply.value) : null;
}

export function toldWait(place: d.PlaceReport): ToldWait {
  const cause = CAUSES[place.cause] ?? 'slot';
  return {
    cause,
    says: sentenceOf(cause, place),
    queuePosition: place.position,
    estimatedStart: place.estimatedStartMs > 0 ? new Date(place.estimatedStartMs) : null,
    limitId: place.limitId || null,
    used: place.bound > 0 ? place.used : null,
    bound: place.bound || null,
    until: place.untilMs > 0 ? new Date(place.untilMs) : null,
  };
}

const CAUSES: Readonly<Partial<Record<d.WaitCause, WaitCauseWord>>> = {
  [d.WaitCause.SLOT]: 'slot',
  [d.WaitCause.WORKER]: 'worker',
  [d.WaitCause.TASK_LIMIT]: 'task_limit',
  [d.WaitCause.ACCOUNT_LIMIT]: 'account_limit',
  [d.WaitCause.BROWSER_LIMIT]: 'browser_limit',
  [d.WaitCause.POOL_LIMIT]: 'pool_limit',
  [d.WaitCause.POOL_PAUSED]: 'pool_paused',
  [d.WaitCause.LIMIT]: 'limit',
  [d.WaitCause.RATE]: 'rate',
  [d.WaitCause.MAINTENANCE]: 'maintenance',
  [d.WaitCause.EARLIER_RUN]: 'earlier_run',
  [d.WaitCause.INSTANT]: 'instant',
  [d.WaitCause.TIMER]: 'timer',
  [d.WaitCause.EVENT]: 'event',
  [d.WaitCause.CHILDREN]: 'children',
};

function sentenceOf(
  cause: WaitCauseWord,
  { limitName, used, bound, untilMs, reason }: d.PlaceReport,
): string {
  const until = untilMs > 0 ? ` until ${new Date(untilMs).toISOString()}` : '';
  const at = `${used} of ${bound}`;
  switch (cause) {
    case 'worker':
      return 'No worker of its pool has the labels that it needs.';
    case 'task_limit':
      return `Its task is at ${at}.`;
    case 'account_limit':
      return `The account is at ${at} runs.`;
    case 'browser_limit':
      return `The account is at ${at} browser sessions.`;
    case 'pool_limit':
      return `The account is at ${at} in this pool.`;
    case 'pool_paused':
      return reason === '' ? 'The pool is paused.' : `The pool is paused: ${reason}`;
    case 'limit':
      return `Limit ${limitName} is at ${at}.`;
    case 'rate':
      return `Limit ${limitName} lets no other one start${until}.`;
    case 'maintenance':
      return `A maintenance holds it${until}.`;
    case 'earlier_run':
      return 'An earlier run of its task comes first.';
    case 'instant':
      return `It is not to start${until}.`;
    case 'timer':
      return `Its workflow waits${until}, and holds no slot.`;
    case 'event':
      return 'Its workflow waits for an event, and holds no slot.';
    case 'children':
      return 'Its workflow waits for its children, and holds no slot.';
    default:
      return 'All slots of its pool are taken.';
  }
}
