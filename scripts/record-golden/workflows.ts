// A workflow, and a run of it that waits for a time, for an event and for a child.
import {
  attempt as a,
  create,
  dispatch as d,
  type RunEvent,
  task as t,
  workflow as w,
} from '#libs/contracts';
import { taskDecider, workflowDecider } from '#libs/domain';
import { draft, MINUTE, NINE } from './definitions.ts';
import { ACCOUNT, ended, Recorder, started } from './recorder.ts';

const SOURCE = `document: { dsl: 1.0.3, namespace: shop, name: order, version: 1.0.0 }
do:
  - check: { call: http, with: { method: get, endpoint: https://example.org/ } }
`;
const { SNOOZED, SUCCEEDED } = a.AttemptOutcome;

function save(recorder: Recorder, mustExist: boolean, name: string, atMs: number): void {
  const written = { source: SOURCE, reference: 'shop/order:1.0.0', note: 'first of all' };
  const command = { type: 'save', workflowId: 'order', mustExist, name, ...written } as const;
  recorder.define('workflow', 'order', workflowDecider, command, atMs);
}

export function recordWorkflow(): Recorder {
  const recorder = new Recorder();
  save(recorder, false, 'Order', NINE);
  save(recorder, true, 'Orders', NINE + MINUTE);
  const remove = { type: 'delete', usedBy: [] } as const;
  recorder.define('workflow', 'order', workflowDecider, remove, NINE + 2 * MINUTE);
  return recorder;
}

export function recordRun(): Recorder {
  const recorder = new Recorder();
  let nowMs = NINE;
  let commands = 0;
  save(recorder, false, 'Order', nowMs);
  const define = (id: string, more: Parameters<typeof draft>[0]) => {
    const made = draft({ name: id, schedules: [], ...more });
    const command = { type: 'create', taskId: id, commandId: `make-${id}`, draft: made } as const;
    recorder.define('task', id, taskDecider, command, nowMs);
  };
  define('parent', {
    type: t.TaskType.WORKFLOW,
    target: create(t.TargetSchema, { workflowId: 'order' }),
  });
  define('child', {});
  const ask = (body: d.Command['body']): string => {
    commands += 1;
    const command = create(d.CommandSchema, { id: `command-${commands}`, account: ACCOUNT, body });
    const pools = ['system', 'workflow'].map((pool) => ({ pool, slots: 4 }));
    const workers = [create(d.WorkerCapacitySchema, { workerId: 'w-1', pools })];
    const [answer] = recorder.dispatch((nowMs += 1_000), { commands: [command], workers });
    if (!answer?.accepted) throw new Error(`command-${commands} was refused`);
    return answer.executionId;
  };
  const begin = (executionId: string) => {
    const at = recorder.released.find((one) => one.executionId === executionId);
    if (at === undefined) throw new Error(`${executionId} is not released`);
    recorder.tell(started(at, 'w-1', nowMs), nowMs);
    recorder.dispatch(nowMs);
    return at;
  };
  const end = (at: ReturnType<typeof begin>, outcome: a.AttemptOutcome, snooze = {}) => {
    const fact = ended(at, 'w-1', nowMs, outcome);
    if (outcome === SNOOZED) fact.snooze = create(a.SnoozeSchema, snooze);
    recorder.tell(fact, nowMs);
    recorder.dispatch(nowMs);
  };
  const runTask = create(d.RunTaskSchema, { taskId: 'parent', parametersJson: '{"n":1}' });
  const run = ask({ case: 'runTask', value: runTask });
  const tell = (...events: RunEvent[]) => recorder.run(run, events, nowMs);

  // A step, and a wait.
  const first = begin(run);
  const step = create(w.StepSchema, { path: '/do/0/check' });
  const told = { step, atMs: nowMs };
  const inputs = { inputJson: '{"n":1}', metadataJson: '{}', runtimeVersion: '0.1.0' };
  const of = { executionId: run, account: ACCOUNT, workflowId: 'order', definitionSeq: 1 };
  tell(create(w.RunStartedSchema, { ...of, startedAtMs: nowMs, ...inputs }));
  const by = { attempt: 1, fence: first.fence, workerId: 'w-1' };
  tell(create(w.StepStartedSchema, { ...told, ...by }));
  const purpose = w.TimerPurpose.WAIT;
  const wait = create(w.StepSchema, { path: '/do/1/rest' });
  const untilMs = nowMs + MINUTE;
  tell(
    create(w.StepFinishedSchema, { ...told, outputJson: '{"statusCode":200}' }),
    create(w.WaitStartedSchema, { step: wait, atMs: nowMs, purpose, untilMs }),
  );
  end(first, SNOOZED, { untilMs, runSeq: 3 });
  nowMs = untilMs;
  recorder.dispatch(nowMs);

  // It listens, and an event is there before it does.
  const second = begin(run);
  const hear = create(w.StepSchema, { path: '/do/2/hear' });
  tell(create(w.TimerFiredSchema, { step: wait, atMs: nowMs, purpose }));
  tell(create(w.ListenStartedSchema, { step: hear, atMs: nowMs }));
  tell(create(w.EventReceivedSchema, { atMs: nowMs, eventJson: '{"type":"paid"}' }));
  ask({
    case: 'wakeExecution',
    value: create(d.WakeExecutionSchema, { executionId: run, runSeq: 6 }),
  });
  end(second, SNOOZED, { listens: true, runSeq: 5 });

  // A child, whose end wakes it.
  const third = begin(run);
  const child = ask({
    case: 'startChild',
    value: create(d.StartChildSchema, {
      parentExecutionId: run,
      stepKey: '/do/3/child',
      task: 'child',
      parametersJson: '{}',
      awaited: true,
    }),
  });
  end(third, SNOOZED, { children: 1, runSeq: 6 });
  end(begin(child), SUCCEEDED);
  const last = begin(run);
  const broken = { type: 'about:blank', status: 500, title: 'Broken', detail: 'It broke.' };
  tell(create(w.StepFailedSchema, { step: hear, atMs: nowMs, error: broken }));
  end(last, SUCCEEDED);
  return recorder;
}
