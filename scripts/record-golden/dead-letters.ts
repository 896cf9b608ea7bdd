// What fails for good: dead letters of each kind, run again and discarded, and both deadlines.
import {
  attempt as a,
  create,
  dispatch as d,
  type MessageInitShape,
  task as t,
} from '#libs/contracts';
import { taskDecider } from '#libs/domain';
import { draft, MINUTE, NINE, settings } from './definitions.ts';
import { ACCOUNT, ended, Recorder, started } from './recorder.ts';

const SECOND = 1_000;
const { CANCELLED, FAILED, SUCCEEDED } = a.AttemptOutcome;

type Settings = NonNullable<Parameters<typeof settings>[0]>;

const retry = (more: MessageInitShape<typeof t.RetryPolicySchema> = {}) =>
  create(t.RetryPolicySchema, { ...RETRY, ...more });
const RETRY = { maxRetries: 1, initialDelayMs: SECOND, backoffMultiplier: 2, maxDelayMs: MINUTE };

/** One worker with room for all, and commands by people who chose a key. */
class Story {
  readonly recorder = new Recorder();
  nowMs = NINE;
  #commands = 0;

  define(id: string, more: Settings): void {
    const made = draft({ name: id, settings: settings({ timeoutMs: MINUTE, ...more }) });
    const command = { type: 'create', taskId: id, commandId: `make-${id}`, draft: made } as const;
    this.recorder.define('task', id, taskDecider, command, this.nowMs);
  }

  ask(body: d.Command['body']): string {
    this.nowMs += SECOND;
    this.#commands += 1;
    const id = `command-${this.#commands}`;
    const command = create(d.CommandSchema, { id, account: ACCOUNT, keyed: true, body });
    const workers = [
      create(d.WorkerCapacitySchema, { workerId: 'w-1', pools: [{ pool: 'system', slots: 9 }] }),
    ];
    const [answer] = this.recorder.dispatch(this.nowMs, { commands: [command], workers });
    if (!answer?.accepted) throw new Error(`${id} was refused`);
    return answer.executionId;
  }

  run(taskId: string): string {
    return this.ask({ case: 'runTask', value: create(d.RunTaskSchema, { taskId }) });
  }

  begin(executionId: string): void {
    const at = this.recorder.released.find((one) => one.executionId === executionId);
    if (at === undefined) throw new Error(`${executionId} is not released`);
    this.recorder.tell(started(at, 'w-1', this.nowMs), this.nowMs);
    this.wait(0);
    this.#begun.set(executionId, at);
  }

  end(executionId: string, outcome: a.AttemptOutcome, code?: string): void {
    const at = this.#begun.get(executionId);
    if (at === undefined) throw new Error(`${executionId} has not begun`);
    this.recorder.tell(ended(at, 'w-1', this.nowMs, outcome, code), this.nowMs);
    this.wait(0);
  }

  wait(ms: number): void {
    this.nowMs += ms;
    this.recorder.dispatch(this.nowMs);
  }

  readonly #begun = new Map<string, Parameters<typeof started>[0]>();
}

export function recordDeadLetters(): Recorder {
  const story = new Story();
  story.define('brittle', { retryPolicy: retry() });
  story.define('strict', { retryPolicy: retry({ finalErrors: ['HTTP_*'] }) });
  story.define('hasty', { totalDeadlineMs: 5 * SECOND, retryPolicy: retry() });
  // The last of its retries fails, too.
  const exhausted = story.run('brittle');
  story.begin(exhausted);
  story.end(exhausted, FAILED, 'BROKEN');
  story.wait(SECOND);
  story.begin(exhausted);
  story.end(exhausted, FAILED, 'BROKEN');
  // Its task says that no retry may mend it.
  const final = story.run('strict');
  story.begin(final);
  story.end(final, FAILED, 'HTTP_STATUS_UNEXPECTED');
  // It is stopped at its deadline.
  const late = story.run('hasty');
  story.begin(late);
  story.wait(5 * SECOND);
  story.end(late, CANCELLED, 'CANCELLED');
  // One is run again with another input, one is discarded, and two go into a redrive that is ended early.
  const again = story.ask({
    case: 'redrive',
    value: create(d.RedriveSchema, { executionId: exhausted, parametersJson: '{"fixed":true}' }),
  });
  story.begin(again);
  story.end(again, SUCCEEDED);
  const other = story.run('strict');
  story.begin(other);
  story.end(other, FAILED, 'HTTP_TIMED_OUT');
  const startRedrive = create(d.StartRedriveSchema, {
    executionIds: [final, exhausted, late, other],
    perMinute: 60,
  });
  const redriveId = story.ask({ case: 'startRedrive', value: startRedrive });
  const [first] = story.recorder.released;
  if (first === undefined) throw new Error('the redrive started nothing');
  story.wait(SECOND);
  story.ask({
    case: 'discardDeadLetters',
    value: create(d.DiscardDeadLettersSchema, { executionIds: [other], note: 'no longer needed' }),
  });
  story.ask({ case: 'cancelRedrive', value: create(d.CancelRedriveSchema, { redriveId }) });
  for (const { executionId } of [...story.recorder.released]) {
    story.begin(executionId);
    story.end(executionId, SUCCEEDED);
  }
  return story.recorder;
}
