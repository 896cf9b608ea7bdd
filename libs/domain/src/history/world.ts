/**
 * Everything that the log tells, as one value: each definition, the plan and the dispatch of each
 * shard. For audits and golden logs; services fold only what they own.
 */
import {
  type DecodedCommit,
  type DomainEvent,
  parseDefinitionSubject,
  shardOfSubject,
  shardsConcerned,
} from '#libs/contracts';
import { accountDecider } from '../account/account.js';
import { automationDecider } from '../automation/automation.js';
import { calendarDecider } from '../calendar/calendar.js';
import { Definitions } from '../dispatch/definitions.js';
import { DispatchState } from '../dispatch/state.js';
import { EMPTY_JOURNAL, headAfter, type JournalHead } from '../journal.js';
import { limitDecider } from '../limit/limit.js';
import { maintenanceDecider } from '../maintenance/maintenance.js';
import { poolDecider } from '../pool/pool.js';
import { taskDecider } from '../task/task.js';
import { TickPlan } from '../tick/plan.js';
import { workflowDecider } from '../workflow/workflow.js';
import type { RecordedCommit } from './recorded-commit.js';

export interface Shard {
  readonly plan: TickPlan;
  readonly dispatch: DispatchState;
  tickHead: JournalHead;
  dispatchHead: JournalHead;
}

export class World {
  /** State of each definition, by `<kind>/<account>/<id>`. */
  readonly definitions = new Map<string, unknown>();
  readonly shards: readonly Shard[];

  constructor(shards: number) {
    this.shards = Array.from({ length: shards }, () => ({
      plan: new TickPlan(),
      dispatch: new DispatchState(new Definitions()),
      tickHead: EMPTY_JOURNAL,
      dispatchHead: EMPTY_JOURNAL,
    }));
  }

  shardOf({ subject }: RecordedCommit): Shard {
    const shard = this.shards[shardOfSubject(subject)];
    if (shard === undefined) throw new Error(`${subject} is of no shard`);
    return shard;
  }

  define({ subject, seq }: RecordedCommit, { commit, events }: DecodedCommit): void {
    const at = parseDefinitionSubject(subject);
    if (at === undefined) throw new Error(`${subject} is of no definition`);
    const { account, kind, id } = at;
    const concerned = shardsConcerned(account, this.shards.length);
    const { occurredAtMs } = commit;
    for (const { event } of events) {
      const key = `${kind}/${account}/${id}`;
      this.definitions.set(key, evolve(kind, this.definitions.get(key), event));
      for (const place of concerned) {
        const { plan, dispatch } = this.shards[place] as Shard;
        plan.apply(account, id, event, occurredAtMs);
        dispatch.definitions.define(account, id, event, seq, occurredAtMs);
      }
    }
  }
}

/** The head of a journal after one of its commits. */
export function headOf({ seq, bytes }: RecordedCommit, { commit }: DecodedCommit): JournalHead {
  return headAfter(seq, commit.ordinal, bytes);
}

interface Fold {
  readonly initial: unknown;
  evolve(state: unknown, event: DomainEvent): unknown;
}

const folds: Readonly<Record<string, Fold>> = {
  task: taskDecider as Fold,
  automation: automationDecider as Fold,
  calendar: calendarDecider as Fold,
  maintenance: maintenanceDecider as Fold,
  pool: poolDecider as Fold,
  limit: limitDecider as Fold,
  account: accountDecider as Fold,
  workflow: workflowDecider as Fold,
};

function evolve(kind: string, state: unknown, event: DomainEvent): unknown {
  const fold = folds[kind];
  if (fold === undefined) throw new Error(`${kind} is no kind of definition`);
  return fold.evolve(state ?? fold.initial, event);
}
