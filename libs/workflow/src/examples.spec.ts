/** What the published examples of the specification do, as facts: given, when, then. */
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Json } from './json.js';
import { type Answering, httpAnswer, jq, T0, World } from './testing/world.js';
import { validateWorkflow } from './validate-workflow.js';

afterAll(() => jq[Symbol.asyncDispose]());

const DOCUMENT =
  "document: { dsl: '1.0.3', namespace: examples, name: example, version: '1.0.0' }\n";

/** A run of a text that passes for a definition. */
async function given(
  text: string,
  options?: ConstructorParameters<typeof World>[1],
): Promise<World> {
  expect(await validateWorkflow(DOCUMENT + text, jq)).toMatchObject({ ok: true });
  return new World(text, options);
}

const answers =
  (byPath: Readonly<Record<string, Json>>): Answering =>
  (call) => {
    const path = call.kind === 'http' ? new URL(call.uri).pathname : call.kind;
    return byPath[path] ?? httpAnswer({ error: 'unknown' }, 404);
  };

describe('call http', () => {
  test('puts members of the input into the address', async () => {
    const world = await given(
      "do: [{ getPet: { call: http, with: { method: get, endpoint: 'https://petstore.test/v2/pet/{petId}' } } }]",
      { input: { petId: 'a b/c' }, answer: () => httpAnswer({ id: 1 }) },
    );
    expect(world.output).toEqual({ id: 1 });
    expect(world.calls).toMatchObject([
      {
        kind: 'http',
        method: 'GET',
        uri: 'https://petstore.test/v2/pet/a%20b%2Fc',
        followRedirects: true,
      },
    ]);
  });

  test('computes address, headers, query and body', async () => {
    const world = await given(
      `
do:
  - buyPet:
      call: http
      with:
        method: put
        endpoint: { uri: '\${ "https://petstore.test/pet/\\(.id)" }', authentication: { basic: { username: me, password: '{{secrets.petstore}}' } } }
        headers: '\${ .headers }'
        query: { tag: [a, b], page: 2, none: null }
        body: '\${ . + { status: "sold" } }'`,
      { input: { id: 7, headers: { accept: 'text/plain' } }, answer: () => httpAnswer('ok') },
    );
    expect(world.output).toBe('ok');
    expect(world.calls).toMatchObject([
      {
        uri: 'https://petstore.test/pet/7?tag=a&tag=b&page=2',
        headers: { accept: 'text/plain' },
        body: { id: 7, status: 'sold' },
        authentication: { basic: { username: 'me', password: '{{secrets.petstore}}' } },
      },
    ]);
  });

  test('hands the whole answer on when that is asked for, and keeps a part in the context', async () => {
    const world = await given(
      `
input: { schema: { format: json, document: { type: object, required: [id], properties: { id: { type: integer, minimum: 1 } } } } }
do:
  - getCharacter:
      call: http
      with: { method: get, endpoint: 'https://swapi.test/people/{id}', output: response }
      export: { as: { homeworld: '\${ .content.homeworld }' } }
  - getHomeworld: { call: http, with: { method: get, endpoint: '\${ $context.homeworld }' } }`,
      {
        input: { id: 1 },
        answer: answers({
          '/people/1': httpAnswer({ homeworld: 'https://swapi.test/planets/1' }),
          '/planets/1': httpAnswer({ name: 'Tatooine' }),
        }),
      },
    );
    expect(world.output).toEqual({ name: 'Tatooine' });
  });

  test('takes a redirection for an error unless it is told otherwise', async () => {
    const text = (redirect: boolean) =>
      `do: [{ a: { call: http, with: { method: get, endpoint: 'https://x.test/', redirect: ${redirect} } } }]`;
    const moved = { answer: () => httpAnswer('moved', 301) };
    expect((await given(text(false), moved)).output).toMatchObject({ faulted: { status: 301 } });
    expect((await given(text(true), moved)).output).toBe('moved');
  });

  test('refuses an address that is none, and a member that is no text', async () => {
    const to = (endpoint: string) =>
      given(`do: [{ a: { call: http, with: { method: get, endpoint: '${endpoint}' } } }]`, {
        input: { list: [1], scheme: 'file:///etc/passwd' },
      });
    expect((await to('https://x.test/{list}')).output).toMatchObject({ faulted: { status: 400 } });
    expect((await to(`\${ .scheme }`)).output).toMatchObject({
      faulted: { type: expect.stringMatching(/configuration$/) },
    });
  });
});

describe('run', () => {
  const process = (code: number) => ({ code, stdout: 'out', stderr: 'err' });

  test('hands standard input and arguments to a shell', async () => {
    const world = await given(
      `
do:
  - setInput: { set: { message: Hello World } }
  - runShell:
      input: { from: '\${ .message }' }
      run: { shell: { stdin: '\${ . }', command: 'cat', arguments: [Foo, '\${ . | length }'], environment: { KEY: '\${ 1 + 1 }' } } }`,
      { answer: () => process(0) },
    );
    expect(world.output).toBe('out');
    expect(world.calls).toEqual([
      {
        kind: 'shell',
        command: 'cat',
        stdin: 'Hello World',
        arguments: ['Foo', '11'],
        environment: { KEY: '2' },
      },
    ]);
  });

  test.each([
    ['stdout', 0, 'out'],
    ['stderr', 0, 'err'],
    ['code', 3, 3],
    ['all', 3, process(3)],
    ['none', 0, null],
  ])('returns %s', async (what, code, expected) => {
    const world = await given(
      `do: [{ s: { run: { script: { language: javascript, code: 'console.log(1)' }, return: ${what} } } }]`,
      { answer: () => process(code) },
    );
    expect(world.output).toEqual(expected);
  });

  test('fails when the process did', async () => {
    const world = await given("do: [{ s: { run: { shell: { command: 'false' } } } }]", {
      answer: () => process(1),
    });
    expect(world.output).toMatchObject({
      faulted: { title: 'The process ended with code 1', detail: 'err' },
    });
  });

  test('runs another workflow, or a task, and goes on with its output', async () => {
    const world = await given(
      `
do:
  - register: { run: { workflow: { namespace: test, name: register, version: 0.1.0, input: { customer: '\${ .user }' } } } }
  - nightly: { run: { task: { name: nightly, parameters: { id: '\${ .id }' } } } }
  - later: { run: { task: { name: cleanup }, await: false } }`,
      {
        input: { user: 'Jo' },
        answer: (call) => (call.kind === 'workflow' ? { id: 9 } : { kind: call.kind }) as Json,
      },
    );
    expect(world.output).toEqual({ kind: 'task' });
    expect(world.calls).toEqual([
      {
        kind: 'workflow',
        namespace: 'test',
        name: 'register',
        version: '0.1.0',
        input: { customer: 'Jo' },
        isAwaited: true,
      },
      { kind: 'task', task: 'nightly', parameters: { id: 9 }, isAwaited: true },
      { kind: 'task', task: 'cleanup', parameters: {}, isAwaited: false },
    ]);
  });
});

describe('try and catch', () => {
  const text = `
do:
  - tryGetPet:
      try: [{ getPet: { call: http, with: { method: get, endpoint: 'https://petstore.test/pet/{petId}' } } }]
      catch:
        errors: { with: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status: 404 } }
        as: error
        do:
          - notifySupport: { emit: { event: { with: { source: 'https://petstore.test', type: pets.not-found.v1, data: '\${ $error }' } } } }
          - setError: { set: { error: '\${ $error }' }, export: { as: '{ error: $error }' } }
  - buyPet:
      if: $context.error == null
      call: http
      with: { method: put, endpoint: 'https://petstore.test/buy', body: '\${ . + { status: "sold" } }' }`;

  test('tells support of what is gone, and does not buy it', async () => {
    const world = await given(text, { input: { petId: 1 }, answer: answers({}) });
    expect(world.output).toMatchObject({ error: { status: 404 } });
    expect(world.calls.map(({ kind }) => kind)).toEqual(['http', 'emit']);
  });

  test('buys what is there', async () => {
    const world = await given(text, {
      input: { petId: 1 },
      answer: answers({ '/pet/1': httpAnswer({ id: 1 }), '/buy': httpAnswer('sold') }),
    });
    expect(world.output).toBe('sold');
    expect(world.calls.at(-1)).toMatchObject({ body: { id: 1, status: 'sold' } });
  });

  test('tries again by a policy that has a name, and goes on when it works', async () => {
    let left = 3;
    const world = await given(
      `
use: { retries: { default: { delay: { seconds: 3 }, backoff: { exponential: {} }, limit: { attempt: { count: 5 } } } } }
do:
  - t:
      try: [{ a: { call: http, with: { method: get, endpoint: 'https://x.test/' } } }]
      catch: { errors: { with: { status: 503 } }, retry: default }`,
      { answer: () => (left-- > 0 ? httpAnswer(null, 503) : httpAnswer('up')) },
    );
    expect(world.output).toBe('up');
    expect(world.nowMs - T0).toBe(3_000 + 6_000 + 12_000);
  });

  test('raises what its conditions do not want caught', async () => {
    const caught = (condition: string) =>
      given(
        `do: [{ t: { try: [{ r: { raise: { error: { type: 'https://x.test/e', status: 418 } } } }], catch: { ${condition}, do: [{ s: { set: { caught: true } } }] } } }]`,
      );
    expect((await caught('when: $error.status == 418')).output).toEqual({ caught: true });
    expect((await caught('exceptWhen: $error.status == 418')).output).toMatchObject({
      faulted: { status: 418 },
    });
  });
});

test('an alarm goes to whoever is first', async () => {
  const branch = (who: string) => `
            - call${who}: { call: http, with: { method: put, endpoint: 'https://hospital.test/alert/${who}', body: { room: '\${ .room.number }' } } }`;
  const world = await given(
    `
do:
  - raiseAlarm:
      fork:
        compete: true
        branches: ${branch('nurse')} ${branch('doctor')}`,
    { input: { room: { number: 4 } }, answer: answers({ '/alert/doctor': httpAnswer('coming') }) },
  );
  // The nurse's line is down: a fault does not win.
  expect(world.output).toBe('coming');
  expect(world.calls).toMatchObject([{ body: { room: 4 } }, { body: { room: 4 } }]);
});

test('the race starts the car', async () => {
  const world = await given(
    `
do:
  - waitForStartup: { listen: { to: { one: { with: { type: race.started.v1 } } } }, output: { as: '.[0]' } }
  - startup: { call: http, with: { method: post, endpoint: { uri: 'https://race.test/cars/{carId}/start' } } }`,
    { answer: () => httpAnswer('started') },
  );
  world.receive({ id: '1', source: 's', type: 'race.started.v1', data: { carId: 44 } });
  expect(world.output).toBe('started');
  expect(world.calls).toMatchObject([{ uri: 'https://race.test/cars/44/start' }]);
});

test('a check-up waits for each pet in turn', async () => {
  const world = await given(`
do:
  - checkup:
      for: { each: pet, in: .pets, at: index }
      while: .vet != null
      do:
        - waitForCheckup:
            listen: { to: { one: { with: { type: checkup.completed.v2, data: '\${ .petId == $pet.id }' } } } }
            output: { as: '$task.input + { done: (($task.input.done // []) + [$pet.id]) }' }`);
  Object.assign(world.start, { input: { vet: 'Ann', pets: [{ id: 1 }, { id: 2 }] } });
  for (const petId of [2, 1, 2])
    world.receive({ id: '1', source: 's', type: 'checkup.completed.v2', data: { petId } });
  expect(world.output).toMatchObject({ done: [1, 2] });
});
