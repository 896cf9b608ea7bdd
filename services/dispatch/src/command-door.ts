import type { Logger } from 'pino';
import type { dispatch as d } from '#libs/contracts';
import type { DispatchState } from '#libs/domain';
import type { EventLog } from '#libs/event-log';
import { rejected } from './answers.js';
import type { PendingCommand } from './inbox.js';
import type { Milestone } from './milestone.js';

export interface DoorDeps {
  readonly shard: number;
  readonly log: EventLog;
  readonly logger: Logger;
  /** Up to where definitions have been told. */
  readonly told: Milestone;
  readonly state: () => DispatchState;
  /** False when too many wait already; undefined when nobody decides here. */
  readonly letIn: (pending: PendingCommand) => boolean | undefined;
}

/** Where commands come in: those of a task that is not known yet wait for the definitions under way. */
export class CommandDoor {
  readonly #deps: DoorDeps;

  constructor(deps: DoorDeps) {
    this.#deps = deps;
  }

  knock(pending: PendingCommand): void {
    if (this.#isOfUnknownTask(pending.command)) void this.#onceCurrent(pending);
    else this.#letIn(pending);
  }

  #letIn(pending: PendingCommand): void {
    const isIn = this.#deps.letIn(pending);
    if (isIn === undefined) pending.abandon();
    else if (!isIn)
      pending.answer(rejected('overloaded', 'Too many commands wait. Try again in a moment.'));
  }

  #isOfUnknownTask({ account, body }: d.Command): boolean {
    if (body.value === undefined || !('taskId' in body.value)) return false;
    return this.#deps.state().definitions.task(account, body.value.taskId).status === 'none';
  }

  /** A task may have been made a moment ago, and its definition be under way: what is there by now is waited for. */
  async #onceCurrent(pending: PendingCommand): Promise<void> {
    const { log, logger, shard, told } = this.#deps;
    try {
      await told.reached(await log.lastSeq('DEFINITIONS'));
    } catch (error) {
      logger.warn({ err: error, shard }, 'the end of the definitions could not be asked for');
    }
    this.#letIn(pending);
  }
}
