/** Whatever comes in, the answer is an answer: problems, a fault, a halt, and never a throw. */
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { advance } from './advance.js';
import type { HistoryEvent } from './history.js';
import type { Json } from './json.js';
import { WORKFLOW_LIMITS } from './limits.js';
import { httpAnswer, jq, T0, World } from './testing/world.js';
import { validateWorkflow } from './validate-workflow.js';

afterAll(() => jq[Symbol.asyncDispose]());

const HEAD = { dsl: '1.0.3', namespace: 'test', name: 'test', version: '1.0.0' };
const WORDS = [
  ...[
    'do',
    'set',
    'call',
    'with',
    'run',
    'for',
    'in',
    'fork',
    'branches',
    'try',
    'catch',
    'listen',
  ],
  ...['to', 'any', 'switch', 'when', 'then', 'raise', 'error', 'wait', 'emit', 'event', 'timeout'],
  ...['input', 'schema', 'document', 'use', 'retries', 'a', '__proto__', 'constructor', 'length'],
];

const anything = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.constantFrom<Json>(
      null,
      true,
      0,
      -1,
      1e308,
      'http',
      'end',
      '.a',
      '$x',
      '',
      'PT1S',
      `\${ .a }`,
    ),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...WORDS), tie('json'), { maxKeys: 3 }),
  ),
})).json;

describe('whatever is saved', () => {
  test('is a workflow or has problems, each with a place', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (tasks) => {
        const result = await validateWorkflow(
          JSON.stringify({ document: HEAD, do: [{ t: tasks }] }),
          jq,
        );
        if (!result.ok)
          for (const { pointer, message, remedy } of result.problems)
            expect(pointer === '' || pointer.startsWith('/')).toBe(message !== '' && remedy !== '');
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  test('as text that is hardly YAML is refused in words', async () => {
    const marks = fc.constantFrom(
      '- ',
      ': ',
      '\n',
      '  ',
      '&a ',
      '*a',
      '{',
      '}',
      '[',
      ']',
      '"',
      '|',
      '? ',
      '#',
      '!!map ',
      '\t',
      'do',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(marks, { maxLength: 40 }), async (parts) => {
        expect((await validateWorkflow(parts.join(''))).ok).toBe(false);
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});

const TEXT = `
do:
  - both:
      fork:
        branches:
          - a: { try: [{ x: { call: http, with: { method: get, endpoint: 'https://x.test/{n}' } } }], catch: { retry: { delay: PT1S, limit: { attempt: { count: 2 } } } } }
          - b: { listen: { to: { one: { with: { type: go, data: '\${ .n > 1 }' } } } } }
          - c: { wait: PT5S }
  - d: { run: { shell: { command: 'true', arguments: ['\${ .[0].n | tostring }'] } } }`;

describe('whatever is recorded', () => {
  const steps = fc.constantFrom(
    { path: '/do/0/both/fork/branches/0/a/try/0/x', iteration: [0] },
    { path: '/do/0/both/fork/branches/0/a/try/0/x', iteration: [1] },
    { path: '/do/0/both/fork/branches/0/a', iteration: [1] },
    { path: '/do/0/both/fork/branches/1/b', iteration: [] },
    { path: '/do/0/both/fork/branches/2/c', iteration: [] },
    { path: '/do/1/d', iteration: [] },
    { path: '/nowhere', iteration: [9] },
  );
  const atMs = fc.integer({ min: T0 - 10_000, max: T0 + 10_000 });
  const output = fc.oneof(
    anything,
    fc.constantFrom<Json>(httpAnswer({ n: 2 }), httpAnswer(null, 500), { code: 0, stdout: 'x' }),
  );
  const event: fc.Arbitrary<HistoryEvent> = fc.oneof(
    fc.record({ type: fc.constant('StepStarted' as const), step: steps, atMs }),
    fc.record({ type: fc.constant('StepFinished' as const), step: steps, output, atMs }),
    fc.record({
      type: fc.constant('StepFailed' as const),
      step: steps,
      error: fc.constant({ type: 'x', status: 500 }),
      atMs,
    }),
    fc.record({
      type: fc.constant('TimerFired' as const),
      step: steps,
      purpose: fc.constantFrom('wait' as const, 'retry' as const, 'timeout' as const),
      atMs,
    }),
    fc.record({
      type: fc.constant('EventReceived' as const),
      event: fc.dictionary(fc.constantFrom('type', 'data'), fc.constantFrom<Json>('go', { n: 2 })),
      atMs,
    }),
  );

  test('has one answer, and the same each time', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), (history) => {
        const { source } = new World(TEXT, { input: { n: 1 } });
        const look = () => advance({ ...source, history, nowMs: T0 + 20_000 });
        expect(look()).toEqual(look());
      }),
      { numRuns: 150, seed: 9 },
    );
  });

  test('may be as deep as an answer can be, and is then a failure', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as Json;
    const world = new World(`do: [{ a: { run: { shell: { command: 'true' } } } }]`, {
      answer: () => deep,
    });
    expect(world.output).toMatchObject({ faulted: { title: 'The output is too large' } });
  });

  test('may be too much, and ends the run by name', () => {
    const world = new World(
      `do: [{ l: { for: { in: '[range(200)]' }, do: [{ a: { run: { shell: { command: 'true' } } } }] } }]`,
    );
    const stdout = 'x'.repeat(WORKFLOW_LIMITS.outputBytes - 100);
    world.history = Array.from(
      { length: 70 },
      (_, round): HistoryEvent => ({
        type: 'StepFinished',
        step: { path: '/do/0/l/do/0/a', iteration: [round] },
        output: { code: 0, stdout, stderr: '' },
        atMs: T0,
      }),
    );
    expect(world.look().done).toMatchObject({
      outcome: 'faulted',
      error: { title: 'Limit exceeded', detail: expect.stringContaining('bytes of its facts') },
    });
  });

  test('deep values out of jq are refused, not passed on', () => {
    const world = new World(
      `do: [{ s: { set: { x: '\${ reduce range(300) as $i (0; [.]) }' } } }]`,
    );
    expect(world.output).toMatchObject({
      faulted: { detail: expect.stringContaining('too deep') },
    });
  });
});
