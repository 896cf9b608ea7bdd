/** What a decision about one definition has to know of the others of its account. */
import { type DomainEvent, decodeCommit, parseDefinitionSubject, subjects } from '#libs/contracts';
import {
  type Decider,
  isBuiltInPool,
  limitDecider,
  poolDecider,
  type TaskState,
  taskDecider,
  workflowDecider,
} from '#libs/domain';
import type { EventLog } from '#libs/event-log';

type Kind = 'task' | 'pool' | 'limit' | 'workflow';

/** The custom pools and the limits of an account. Read only when a draft names any. */
export async function surroundingsOf(
  log: EventLog,
  account: string,
  names: {
    readonly pool: string;
    readonly limitIds: readonly string[];
    readonly workflowId: string;
  },
): Promise<{
  pools: ReadonlySet<string>;
  limits: ReadonlySet<string>;
  workflows: ReadonlySet<string>;
}> {
  const { pool, limitIds, workflowId } = names;
  const wantsPools = pool !== '' && !isBuiltInPool(pool);
  const pools = wantsPools ? await statesOf(log, account, 'pool', poolDecider) : new Map();
  const limits =
    limitIds.length > 0 ? await statesOf(log, account, 'limit', limitDecider) : new Map();
  const workflows =
    workflowId === '' ? new Map() : await statesOf(log, account, 'workflow', workflowDecider);
  return { pools: saved(pools), limits: saved(limits), workflows: saved(workflows) };
}

function saved(states: ReadonlyMap<string, { status: string }>): ReadonlySet<string> {
  return new Set([...states].filter(([, { status }]) => status === 'saved').map(([id]) => id));
}

/** Names of the tasks of an account whose settings are `using` something. */
export async function tasksUsing(
  log: EventLog,
  account: string,
  using: (
    settings: (TaskState & { status: 'active' })['settings'],
    target: (TaskState & { status: 'active' })['target'],
  ) => boolean,
): Promise<string[]> {
  const states = await statesOf(log, account, 'task', taskDecider);
  return [...states.values()].flatMap((state) =>
    (state.status === 'active' || state.status === 'paused') && using(state.settings, state.target)
      ? [state.name]
      : [],
  );
}

async function statesOf<State, Command, Event extends DomainEvent>(
  log: EventLog,
  account: string,
  kind: Kind,
  { initial, evolve }: Decider<State, Command, Event>,
): Promise<Map<string, State>> {
  const states = new Map<string, State>();
  const subject = subjects.definitionsOf(account, kind);
  for await (const stored of log.read({ stream: 'DEFINITIONS', subject, fromSeq: 1 })) {
    const id = parseDefinitionSubject(stored.subject)?.id;
    if (id === undefined) continue;
    for (const { event } of decodeCommit(stored.bytes).events)
      states.set(id, evolve(states.get(id) ?? initial, event as Event));
  }
  return states;
}
