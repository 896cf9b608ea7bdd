import { type DomainEvent, isTaskEvent, SYSTEM_ACCOUNT, type task as t } from '#libs/contracts';
import type { AccountState } from '../account/account.js';
import { MaintenanceWindows } from '../maintenance/windows.js';
import type { PoolState } from '../pool/pool.js';
import { evolve as evolveTask, initial as noTask, type TaskState } from '../task/task.js';
import { Capacity, type LimitRule } from './queue/capacity.js';

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
        this.#tasks.set(key, evolveTask(this.#tasks.get(key) ?? noTask, event));
        if (event.$typeName === 'task.v1.TaskResumed') this.#resumedAtMs.set(key, atMs);
    }
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
