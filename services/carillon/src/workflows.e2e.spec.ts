import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  create,
  decodeCommit,
  fromBinary,
  subjects,
  task as t,
  toBinary,
  workflow as w,
} from '#libs/contracts';
import {
  createTask,
  define,
  noopTask,
  order,
  runTask,
  type Services,
  startServices,
} from '#libs/rig';
import { eventually, startTestNats, type TestNats } from '#libs/testing';

const ENDED_WITHIN_MS = 60_000;

jest.setTimeout(120_000);

let nats: TestNats;
let services: Services;
let witness: Witness;

/** Every effect that steps have had outside, by its idempotency key. */
class Witness {
  readonly seen: string[] = [];
  readonly #server: Server;
  #held: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      this.seen.push(String(request.headers['idempotency-key']).split(':')[1] ?? '');
      const answer = () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ path: request.url, times: this.seen.length }));
      };
      // Whoever asks for it waits until somebody lets it go.
      if (request.url === '/held') this.#held.push(answer);
      else answer();
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get holding(): number {
    return this.#held.length;
  }

  letGo(): void {
    for (const answer of this.#held.splice(0)) answer();
  }

  times(step: string): number {
    return this.seen.filter((one) => one === step).length;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

async function saveWorkflow(name: string, tasks: string): Promise<string> {
  const source = `document: { dsl: 1.0.3, namespace: spec, name: ${name}, version: 1.0.0 }\n${tasks}`;
  const reference = `spec/${name}:1.0.0`;
  return define(services.nc, { case: 'saveWorkflow', value: { name, source, reference } });
}

function workflowTask(workflowId: string, parameters: object = {}) {
  return noopTask({
    name: `task ${workflowId}`,
    type: t.TaskType.WORKFLOW,
    target: { workflowId },
    parametersJson: JSON.stringify(parameters),
    schedules: [],
    settings: { timeoutMs: 60_000, retryPolicy: { maxRetries: 0, backoffMultiplier: 1 } },
  });
}

async function eventsOf(stream: 'DISPATCH' | 'RUNS', executionId: string) {
  return (await services.commits(stream)).flatMap(({ bytes, subject }) =>
    decodeCommit(bytes)
      .events.map(({ event }) => event as unknown as Record<string, unknown>)
      .filter((event) => event['executionId'] === executionId || subject.endsWith(executionId)),
  );
}

async function countOf(executionId: string, type: string): Promise<number> {
  const events = await eventsOf('DISPATCH', executionId);
  return events.filter(({ $typeName }) => $typeName === `dispatch.v1.${type}`).length;
}

/** How it ended, with its output and its error. */
async function endOf(executionId: string) {
  return eventually(
    async () => {
      const events = await eventsOf('DISPATCH', executionId);
      const finished = events.find(
        ({ $typeName }) => $typeName === 'dispatch.v1.ExecutionFinished',
      );
      if (finished === undefined) throw new Error('not ended yet');
      const closed = events.findLast(({ $typeName }) => $typeName === 'dispatch.v1.AttemptClosed');
      const output = String(closed?.['outputJson'] ?? '');
      const { code, message } = (closed?.['error'] ?? {}) as { code?: string; message?: string };
      const error = code === undefined ? {} : { error: `${code}: ${message}` };
      const { status, attempts } = finished;
      return { status, attempts, ...error, output: output === '' ? null : JSON.parse(output) };
    },
    { withinMs: ENDED_WITHIN_MS },
  );
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  await eventually(async () => expect(await what()).toBe(true), { withinMs: ENDED_WITHIN_MS });
}

const SUCCESS = 1;
const FAILED = 2;
const CANCELLED = 4;

beforeEach(async () => {
  witness = new Witness();
  nats = await startTestNats();
  await witness.listen();
  services = await startServices({
    natsUrl: nats.url,
    env: { CARILLON_SHARDS: '1' },
    replicas: { definitions: 1, dispatch: 1, execution: 1 },
  });
});
afterEach(async () => {
  await services?.stop();
  await witness?.close();
  await nats?.stop();
});

describe('a run of a workflow', () => {
  test('that loses its worker goes on after the last step that was recorded', async () => {
    const id = await saveWorkflow(
      'order',
      `do:
  - first:
      call: http
      with: { method: post, endpoint: '${witness.url}/first', body: { name: '\${ .name }' } }
  - script:
      run:
        script:
          language: javascript
          code: |
            process.stdout.write(JSON.stringify({ sum: process.argv.slice(2).map(Number).reduce((a, b) => a + b) }))
          arguments: ['40', '2']
      output: { as: '\${ fromjson }' }
  - both:
      fork:
        branches:
          - quick: { call: http, with: { method: get, endpoint: '${witness.url}/quick' } }
          - held: { call: http, with: { method: get, endpoint: '${witness.url}/held' } }
          - shell: { run: { shell: { command: 'echo hello', arguments: ['\${ "world \\(.sum)" }'] } } }
  - rest: { wait: { seconds: 10 } }
  - last:
      call: http
      with: { method: get, endpoint: '${witness.url}/last' }
  - result: { set: { path: '\${ .path }' } }
`,
    );
    const taskId = await createTask(services.nc, workflowTask(id, { name: 'x' }));
    const executionId = await runTask(services.nc, taskId);
    await until(
      () => witness.holding === 1 && witness.times('/do/2/both/fork/branches/0/quick') === 1,
    );
    await until(async () => {
      const run = await eventsOf('RUNS', executionId);
      return run.filter(({ $typeName }) => $typeName === 'workflow.v1.StepFinished').length === 4;
    });
    await services.of('execution')[0]?.kill9();
    witness.letGo();
    await services.start('execution');
    await until(() => witness.holding === 1);
    witness.letGo();
    await until(async () => (await countOf(executionId, 'ExecutionSnoozed')) === 1);
    const end = await endOf(executionId);
    expect(end).toMatchObject({ status: SUCCESS, output: { path: '/last' }, attempts: 3 });
    // Once each, but for the one that was under way when the worker was killed.
    const times = witness.seen.reduce<Record<string, number>>(
      (all, step) => ({ ...all, [step]: (all[step] ?? 0) + 1 }),
      {},
    );
    expect(times).toEqual({
      '/do/0/first': 1,
      '/do/2/both/fork/branches/0/quick': 1,
      '/do/2/both/fork/branches/1/held': 2,
      '/do/4/last': 1,
    });
    expect(await services.replay('verify')).toMatchObject({ exitCode: 0 });
  });

  test('waits for children without a slot, and takes their output', async () => {
    const child = await saveWorkflow(
      'child',
      "do: [{ double: { set: { twice: '${ .n * 2 }' } } }]",
    );
    const childTask = { ...workflowTask(child), name: 'twice' };
    await createTask(services.nc, childTask);
    const id = await saveWorkflow(
      'parent',
      `do:
  - one: { run: { task: { name: twice, parameters: { n: '\${ .n }' } } } }
  - other: { run: { workflow: { namespace: spec, name: child, version: 1.0.0, input: { n: '\${ .twice }' } } } }
`,
    );
    const taskId = await createTask(services.nc, workflowTask(id, { n: 5 }));
    const executionId = await runTask(services.nc, taskId);
    expect(await endOf(executionId)).toMatchObject({ status: SUCCESS, output: { twice: 20 } });
    expect(await countOf(executionId, 'ChildEnded')).toBe(2);
    expect(await services.replay('verify')).toMatchObject({ exitCode: 0 });
  });

  test('hears an event that was sent to it, and is cancelled with its children', async () => {
    const slow = await createTask(services.nc, noopTask({ name: 'slow', schedules: [] }, 60_000));
    const id = await saveWorkflow(
      'listener',
      `do:
  - hear: { listen: { to: { one: { with: { type: paid } } } } }
  - long: { run: { task: { name: '${slow}', parameters: {} } } }
`,
    );
    const taskId = await createTask(services.nc, workflowTask(id));
    const executionId = await runTask(services.nc, taskId);
    await until(async () => (await countOf(executionId, 'ExecutionSnoozed')) === 1);
    const eventJson = JSON.stringify({ id: '1', type: 'paid', source: 'spec', data: { sum: 5 } });
    const event = create(w.SendEventSchema, {
      id: 'e1',
      account: 'default',
      executionId,
      eventJson,
    });
    const send = async () => {
      const bytes = toBinary(w.SendEventSchema, event);
      const { data } = await services.nc.request(subjects.runCommand, bytes, { timeout: 5_000 });
      return fromBinary(w.SendEventReplySchema, data);
    };
    const first = await send();
    expect(first).toMatchObject({ code: '' });
    expect(await send()).toMatchObject({ runSeq: first.runSeq });
    await until(async () => (await countOf(executionId, 'ExecutionSnoozed')) === 2);
    await order(services.nc, { case: 'cancelExecution', value: { executionId } });
    expect(await endOf(executionId)).toMatchObject({ status: CANCELLED });
    await until(async () => {
      const commits = await services.commits('DISPATCH');
      const ends = commits.flatMap(({ bytes }) =>
        decodeCommit(bytes).events.filter(
          ({ event: of }) => of.$typeName === 'dispatch.v1.ExecutionFinished',
        ),
      );
      return ends.length === 2;
    });
    expect(await services.replay('verify')).toMatchObject({ exitCode: 0 });
  });

  test('that faults says where, and goes on from there when it is asked to', async () => {
    const id = await saveWorkflow(
      'faulty',
      `do:
  - first: { call: http, with: { method: get, endpoint: '${witness.url}/first' } }
  - broken: { run: { shell: { command: 'echo oops >&2; exit 3' } } }
`,
    );
    const taskId = await createTask(services.nc, workflowTask(id));
    const executionId = await runTask(services.nc, taskId);
    expect(await endOf(executionId)).toMatchObject({
      status: FAILED,
      error: 'WORKFLOW_RUNTIME: The process ended with code 3: oops\n (at /do/1/broken)',
    });
    const again = await order(services.nc, {
      case: 'retryExecution',
      value: { executionId, taskId, parametersJson: '{}', origin: { executionId } },
    });
    expect(await endOf(again)).toMatchObject({ status: FAILED });
    expect(witness.times('/do/0/first')).toBe(1);
  });
});
