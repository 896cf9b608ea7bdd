import { type DomainEvent, isTaskEvent, type task as t } from '#libs/contracts';
import { MaintenanceWindows } from '../maintenance/windows.js';
import { evolve as evolveTask, initial as noTask, type TaskState } from '../task/task.js';

interface Automation {
  /** Position of the commit with its newest version. */
  readonly seq: number;
  readonly deleted: boolean;
}

/** The tasks, automations and maintenances of a shard's accounts, as of `seq` in DEFINITIONS. */
export class Definitions {
  readonly #tasks = new Map<string, TaskState>();
  readonly #automations = new Map<string, Automation>();
  readonly #resumedAtMs = new Map<string, number>();
  readonly maintenance = new MaintenanceWindows();
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
        return;
      default:
        if (!isTaskEvent(event)) return;
        this.#tasks.set(key, evolveTask(this.#tasks.get(key) ?? noTask, event));
        if (event.$typeName === 'task.v1.TaskResumed') this.#resumedAtMs.set(key, atMs);
    }
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

export function keyOf(account: string, id: string): string {
  return `${account}/${id}`;
}
