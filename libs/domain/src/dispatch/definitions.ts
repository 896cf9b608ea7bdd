import type { AutomationEvent, TaskEvent } from '#libs/contracts';
import { evolve as evolveTask, initial as noTask, type TaskState } from '../task/task.js';

interface Automation {
  /** Position of the commit with its newest version. */
  readonly seq: number;
  readonly deleted: boolean;
}

/** The tasks and automations of a shard's accounts, as of `seq` in DEFINITIONS. */
export class Definitions {
  readonly #tasks = new Map<string, TaskState>();
  readonly #automations = new Map<string, Automation>();
  seq = 0;

  /** Takes in an event; `seq` is the position of its commit. */
  define(account: string, id: string, event: TaskEvent | AutomationEvent, seq: number): void {
    const key = keyOf(account, id);
    this.seq = seq;
    switch (event.$typeName) {
      case 'automation.v1.AutomationSaved':
        this.#automations.set(key, { seq, deleted: false });
        return;
      case 'automation.v1.AutomationDeleted':
        this.#automations.set(key, { seq, deleted: true });
        return;
      default:
        this.#tasks.set(key, evolveTask(this.#tasks.get(key) ?? noTask, event));
    }
  }

  task(account: string, taskId: string): TaskState {
    return this.#tasks.get(keyOf(account, taskId)) ?? noTask;
  }

  automation(account: string, id: string): Automation | undefined {
    return this.#automations.get(keyOf(account, id));
  }
}

export function keyOf(account: string, id: string): string {
  return `${account}/${id}`;
}
