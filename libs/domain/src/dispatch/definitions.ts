import {
  type DomainEvent,
  isTaskEvent,
  SYSTEM_ACCOUNT,
  type TaskEvent,
  type task as t,
} from '#libs/contracts';
import type { AccountState } from '../account/account.js';
import { MaintenanceWindows } from '../maintenance/windows.js';
import type { PoolState } from '../pool/pool.js';
import { evolve as evolveTask, initial as noTask, type TaskState } from '../task/task.js';
import { Capacity, type LimitRule } from './queue/capacity.js';

interface Workflow {
  readonly id: string;
  readonly seq: number;
  readonly deleted: boolean;
}

interface Automation {
  /** Position of the commit with its newest version. */
  readonly seq: number;
  readonly deleted: boolean;
}

/** Whose definitions changed: what waits for them is looked at again. */
export interface Touched {
  readonly accounts: Set<string>;
  /** By key of account and id. */
  readonly tasks: Set<string>;
  everyone: boolean;
}

/** The tasks, automations, maintenances, pools and limits of a shard's accounts, as of `seq` in DEFINITIONS. */
export class Definitions {
  readonly #tasks = new Map<string, TaskState>();
  readonly #automations = new Map<string, Automation>();
  readonly #workflows = new Map<string, Workflow>();
  /** Ids, by account and reference; the last that was saved under one has it. */
  readonly #workflowOf = new Map<string, string>();
  /** Ids, by account and name. */
  readonly #taskNamed = new Map<string, string>();
  readonly #resumedAtMs = new Map<string, number>();
  readonly maintenance = new MaintenanceWindows();
  readonly capacity = new Capacity();
  #touched: Touched = untouched();
  seq = 0;

  /** Takes in an event; `seq` is the position of its commit, `atMs` when it was made. */
  define(account: string, id: string, event: DomainEvent, seq: number, atMs: number): void {
    const key = keyOf(account, id);
    this.seq = seq;
    switch (event.$typeName) {
      case 'automation.v1.AutomationSaved':
        this.#automations.set(key, { seq, deleted: false });
        return;
      case 'automation.v1.AutomationDeleted':
        this.#automations.set(key, { seq, deleted: true });
        return;
      case 'workflow.v1.WorkflowSaved':
        this.#workflows.set(key, { id, seq, deleted: false });
        this.#workflowOf.set(keyOf(account, event.reference), id);
        return;
      case 'workflow.v1.WorkflowDeleted':
        this.#workflows.set(key, { id, seq, deleted: true });
        return;
      case 'maintenance.v1.MaintenancePlanned':
      case 'maintenance.v1.MaintenanceEnded':
        this.maintenance.apply(account, id, event, atMs);
        if (account === SYSTEM_ACCOUNT) this.#touched.everyone = true;
        this.#touched.accounts.add(account);
        return;
      case 'pool.v1.PoolSaved':
      case 'pool.v1.PoolPaused':
      case 'pool.v1.PoolResumed':
      case 'pool.v1.PoolDeleted':
      case 'limit.v1.LimitSaved':
      case 'limit.v1.LimitDeleted':
      case 'account.v1.AccountLimitsSet':
        this.capacity.apply(account, id, event);
        this.#touched.accounts.add(account);
        return;
      default:
        if (!isTaskEvent(event)) return;
        this.#touched.tasks.add(key);
        this.#evolveTask(account, id, event);
        if (event.$typeName === 'task.v1.TaskResumed') this.#resumedAtMs.set(key, atMs);
    }
  }

  #evolveTask(account: string, id: string, event: TaskEvent): void {
    const key = keyOf(account, id);
    const before = this.#tasks.get(key) ?? noTask;
    const after = evolveTask(before, event);
    this.#tasks.set(key, after);
    if ('name' in before && this.#taskNamed.get(keyOf(account, before.name)) === id)
      this.#taskNamed.delete(keyOf(account, before.name));
    if ('name' in after && after.status !== 'deleted')
      this.#taskNamed.set(keyOf(account, after.name), id);
  }

  /** What changed since it was asked for last. */
  takeTouched(): Touched {
    const touched = this.#touched;
    this.#touched = untouched();
    return touched;
  }

  pool(account: string, name: string): PoolState {
    return this.capacity.pool(account, name);
  }

  limit(account: string, id: string): LimitRule | undefined {
    return this.capacity.limit(account, id);
  }

  accountLimits(account: string): AccountState {
    return this.capacity.account(account);
  }

  /** How many runs of a task may be out at the same time; 0: no limit of its own. */
  concurrencyLimit(account: string, taskId: string): number {
    const task = this.task(account, taskId);
    return 'settings' in task ? task.settings.concurrencyLimit : 0;
  }

  /** A schedule as it is now; undefined once it is removed. */
  schedule(account: string, taskId: string, scheduleId: string): t.Schedule | undefined {
    const task = this.task(account, taskId);
    if (task.status === 'none' || task.status === 'deleted') return undefined;
    return task.schedules.find(({ id }) => id === scheduleId);
  }

  task(account: string, taskId: string): TaskState {
    return this.#tasks.get(keyOf(account, taskId)) ?? noTask;
  }

  /** When a task was last resumed; 0: never. */
  resumedAtMs(account: string, taskId: string): number {
    return this.#resumedAtMs.get(keyOf(account, taskId)) ?? 0;
  }

  /** The id of a task that is named by its id or its name; what is neither is given back. */
  taskNamed(account: string, idOrName: string): string {
    if (this.#tasks.has(keyOf(account, idOrName))) return idOrName;
    return this.#taskNamed.get(keyOf(account, idOrName)) ?? idOrName;
  }

  workflow(account: string, id: string): Workflow | undefined {
    return this.#workflows.get(keyOf(account, id));
  }

  /** By `namespace/name:version`. */
  workflowOf(account: string, reference: string): Workflow | undefined {
    const id = this.#workflowOf.get(keyOf(account, reference));
    const found = id === undefined ? undefined : this.workflow(account, id);
    return found?.deleted ? undefined : found;
  }

  automation(account: string, id: string): Automation | undefined {
    return this.#automations.get(keyOf(account, id));
  }
}

function untouched(): Touched {
  return { accounts: new Set(), tasks: new Set(), everyone: false };
}

export function keyOf(account: string, id: string): string {
  return `${account}/${id}`;
}
