import type { NatsConnection } from '@nats-io/transport-node';
import { create, envelope, subjects, task, toBinary } from '#libs/contracts';
import type { DispatchState, FailureRun } from '#libs/domain';

const REQUEST_TIMEOUT_MS = 2_000;
/** How often a pause that did not show is asked for again. */
const ASK_AGAIN_MS = 5_000;

/**
 * Pauses tasks that fail too often in a row. The pause is a definition, so it is asked for like any
 * other, and asked for again until it shows: a crash in between loses nothing, and the command's id
 * makes it one pause.
 */
export class AutoPause {
  readonly #nc: NatsConnection;
  readonly #onError: (error: unknown) => void;
  readonly #askedAtMs = new Map<string, number>();

  constructor(nc: NatsConnection, onError: (error: unknown) => void) {
    this.#nc = nc;
    this.#onError = onError;
  }

  /** To be called from time to time by the owner of the shard. */
  look(state: DispatchState, nowMs: number): void {
    for (const run of tasksToPause(state)) {
      const id = commandIdOf(run);
      if (nowMs - (this.#askedAtMs.get(id) ?? 0) < ASK_AGAIN_MS) continue;
      this.#askedAtMs.set(id, nowMs);
      this.#ask(run, id).catch(this.#onError);
    }
  }

  async #ask(run: FailureRun, id: string): Promise<void> {
    const { account, taskId, failedAtMs, lastExecutionId } = run;
    const command = create(task.CommandSchema, {
      id,
      account,
      actor: create(envelope.ActorSchema, {
        kind: envelope.ActorKind.SERVICE,
        id: 'dispatch',
        origin: 'carillon',
      }),
      body: {
        case: 'pauseTask',
        value: create(task.PauseTaskSchema, {
          taskId,
          reason: `Paused by itself after ${failedAtMs.length} failed runs in a row; the last is ${lastExecutionId}.`,
        }),
      },
    });
    const bytes = toBinary(task.CommandSchema, command);
    await this.#nc.request(subjects.definitionCommand, bytes, { timeout: REQUEST_TIMEOUT_MS });
  }
}

/** The tasks that have failed as often as they may since they were resumed, and are not paused yet. */
export function tasksToPause(state: DispatchState): FailureRun[] {
  return [...state.failures.values()].filter(({ account, taskId, failedAtMs }) => {
    const task = state.definitions.task(account, taskId);
    if (task.status !== 'active') return false;
    const limit = task.settings.pauseAfterFailures;
    const first = failedAtMs.at(-limit);
    return (
      limit > 0 && first !== undefined && first >= state.definitions.resumedAtMs(account, taskId)
    );
  });
}

function commandIdOf({ taskId, lastExecutionId }: FailureRun): string {
  return `auto-pause:${taskId}:${lastExecutionId}`;
}
