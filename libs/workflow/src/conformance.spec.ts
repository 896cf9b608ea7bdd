/** The scenarios of the specification's conformance kit that fall in the subset, written anew. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { httpAnswer, jq, World } from './testing/world.js';

afterAll(() => jq[Symbol.asyncDispose]());

const outputOf = (...given: ConstructorParameters<typeof World>) => new World(...given).output;

const COLORS = `
  - switchColor:
      switch:
        - red: { when: '.color == "red"', then: setRed }
        - green: { when: '.color == "green"', then: setGreen }
        - other: { then: setOther }
  - setRed: { set: { colors: '\${ .colors + [ "red" ] }' }, then: end }
  - setGreen: { set: { colors: '\${ .colors + [ "green" ] }' }, then: end }
  - setOther: { set: { colors: '\${ .colors + [ $input.color ] }' }, then: end }
`;

describe('set', () => {
  test('replaces the data with what it says', () => {
    const text = `do: [{ s: { set: { shape: circle, size: "\${ .configuration.size }" } } }]`;
    expect(outputOf(text, { input: { configuration: { size: { width: 6 } } } })).toEqual({
      shape: 'circle',
      size: { width: 6 },
    });
  });

  test('may be one expression', () => {
    expect(outputOf(`do: [{ s: { set: "\${ .a }" } }]`, { input: { a: [1] } })).toEqual([1]);
  });
});

describe('data flow', () => {
  test('filters the input of a task', () => {
    const text = `do: [{ s: { input: { from: .user.id }, set: { id: "\${ . }" } } }]`;
    expect(outputOf(text, { input: { user: { id: 'p1' } } })).toEqual({ id: 'p1' });
  });

  test('filters the output, which need not be an object', () => {
    const text = `
do:
  - one: { call: http, with: { method: get, endpoint: 'https://x.test/pet/{petId}' }, output: { as: .id } }
  - two: { call: http, with: { method: get, endpoint: 'https://x.test/pet/2' }, output: { as: '{ ids: [ $input, .id ] }' } }`;
    const answer = (call: { kind: string; uri?: string }) =>
      httpAnswer({ id: Number(call.uri?.slice(-1)) });
    expect(outputOf(text, { input: { petId: 1 }, answer })).toEqual({ ids: [1, 2] });
  });

  test('keeps a context beside the data', () => {
    const text = `
do:
  - a: { set: { x: 1 }, export: { as: '{ kept: .x }' } }
  - b: { set: { y: 2 } }
  - c: { set: { both: '\${ [.y, $context.kept] }' } }`;
    expect(outputOf(text)).toEqual({ both: [2, 1] });
  });

  test('filters input and output of the workflow', () => {
    const text = `
input: { from: .order }
do: [{ s: { set: { id: '\${ .id }', raw: '\${ $workflow.input.order.id }' } } }]
output: { as: '[.id, .raw]' }`;
    expect(outputOf(text, { input: { order: { id: 7 } } })).toEqual([7, 7]);
  });

  test('faults when the input does not fit its schema', () => {
    const text = `
input: { schema: { document: { type: object, required: [id] } } }
do: [{ s: { set: { x: 1 } } }]`;
    expect(outputOf(text)).toMatchObject({ faulted: { status: 400, instance: '/' } });
  });
});

describe('flow', () => {
  test('goes on in the order of the list', () => {
    const add = (color: string) => `{ set: { colors: '\${ .colors + [ "${color}" ] }' } }`;
    const text = `do: [{ a: ${add('red')} }, { b: ${add('green')} }, { c: { do: [{ d: ${add('blue')} }] } }]`;
    expect(outputOf(text)).toEqual({ colors: ['red', 'green', 'blue'] });
  });

  test('goes to the task that is named', () => {
    const text = `
do:
  - setRed: { set: { colors: '\${ .colors + [ "red" ] }' }, then: setGreen }
  - setBlue: { set: { colors: '\${ .colors + [ "blue" ] }' }, then: end }
  - setGreen: { set: { colors: '\${ .colors + [ "green" ] }' }, then: setBlue }`;
    expect(outputOf(text)).toEqual({ colors: ['red', 'green', 'blue'] });
  });

  test('exit leaves the list, end leaves the workflow', () => {
    const text = (then: string) => `
do:
  - outer: { do: [{ a: { set: { n: 1 }, then: ${then} } }, { b: { set: { n: 2 } } }] }
  - last: { set: { n: '\${ .n + 10 }' } }`;
    expect(outputOf(text('exit'))).toEqual({ n: 11 });
    expect(outputOf(text('end'))).toEqual({ n: 1 });
    expect(outputOf(text('continue'))).toEqual({ n: 12 });
  });

  test('takes the first case that holds, or the one without a condition', () => {
    expect(outputOf(`do:${COLORS}`, { input: { color: 'red' } })).toEqual({ colors: ['red'] });
    expect(outputOf(`do:${COLORS}`, { input: { color: 'pink' } })).toEqual({ colors: ['pink'] });
  });

  test('goes on when no case holds', () => {
    const text = `
do:
  - s: { switch: [{ red: { when: '.color == "red"', then: a } }], then: end }
  - a: { set: { x: 1 } }`;
    expect(outputOf(text, { input: { color: 'yellow' } })).toEqual({ color: 'yellow' });
  });

  test('a task whose condition fails is passed by, with its direction', () => {
    const text = `
do:
  - refuse: { if: .age < 18, set: { refused: true }, then: end }
  - bet: { set: { placed: true } }`;
    expect(outputOf(text, { input: { age: 17 } })).toEqual({ refused: true });
    expect(outputOf(text, { input: { age: 18 } })).toEqual({ placed: true });
  });
});

describe('for', () => {
  test('hands the output of one round to the next', () => {
    const text = `
do:
  - loop:
      for: { each: color, in: .colors }
      do:
        - mark: { set: { processed: '\${ { colors: (.processed.colors + [ $color ]), indexes: (.processed.indexes + [ $index ]) } }' } }`;
    expect(outputOf(text, { input: { colors: ['red', 'green'] } })).toEqual({
      processed: { colors: ['red', 'green'], indexes: [0, 1] },
    });
  });

  test('stops when its condition no longer holds', () => {
    const text = `
do:
  - loop: { for: { in: '[1, 2, 3]' }, while: '(.sum // 0) < 3', do: [{ add: { set: { sum: '\${ (.sum // 0) + $item }' } } }] }`;
    expect(outputOf(text)).toEqual({ sum: 3 });
  });
});

describe('fork', () => {
  test('gives the outputs in the order of the branches', () => {
    const text =
      'do: [{ f: { fork: { branches: [{ a: { set: { n: 1 } } }, { b: { set: { n: 2 } } }] } } }]';
    expect(outputOf(text)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('of no branches gives no outputs', () => {
    for (const compete of [true, false])
      expect(outputOf(`do: [{ f: { fork: { compete: ${compete}, branches: [] } } }]`)).toEqual([]);
  });

  test('gives the output of the branch that was first, when they compete', () => {
    const branch = (name: string) =>
      `{ ${name}: { call: http, with: { method: put, endpoint: 'https://x.test/${name}' } } }`;
    const world = new World(
      `do: [{ f: { fork: { compete: true, branches: [${branch('nurse')}, ${branch('doctor')}] } } }]`,
      { answer: (call) => httpAnswer(call.kind === 'http' ? call.uri : '') },
    );
    world.step((commands) => commands.find(({ step }) => step.path.endsWith('doctor')));
    expect(world.output).toBe('https://x.test/doctor');
    expect(world.effects).toEqual(['/do/0/f/fork/branches/1/doctor']);
  });
});

describe('raise and try', () => {
  test('faults with the error and its place', () => {
    const text = `
use: { errors: { nope: { type: 'https://x.test/nope', status: 400, title: '\${ "Not \\(.what)" }' } } }
do: [{ r: { raise: { error: nope } } }]`;
    expect(outputOf(text, { input: { what: 'yet' } })).toEqual({
      faulted: { type: 'https://x.test/nope', status: 400, title: 'Not yet', instance: '/do/0/r' },
    });
  });

  const fetching = (status: number) => `
do:
  - tryGetPet:
      try: [{ getPet: { call: http, with: { method: get, endpoint: 'https://x.test/{petName}' } } }]
      catch:
        errors: { with: { type: 'https://serverlessworkflow.io/dsl/errors/types/communication', status: ${status} } }
        as: err
        do: [{ setError: { set: { error: '\${ $err }' } } }]`;
  const gone = { input: { petName: 'Milou' }, answer: () => httpAnswer(null, 404) };

  test('hands a caught error to its tasks', () => {
    expect(outputOf(fetching(404), gone)).toMatchObject({
      error: { status: 404, instance: '/do/0/tryGetPet/try/0/getPet' },
    });
  });

  test('lets an error pass that is not meant', () => {
    expect(outputOf(fetching(503), gone)).toMatchObject({ faulted: { status: 404 } });
  });

  test('catches what jq refuses', () => {
    const text = `
do: [{ t: { try: [{ s: { set: { x: '\${ .a | keys }' } } }], catch: { do: [{ h: { set: { type: '\${ $error.type }' } } }] } } }]`;
    expect(outputOf(text, { input: { a: 1 } })).toEqual({
      type: 'https://serverlessworkflow.io/spec/1.0.0/errors/expression',
    });
  });
});

test('emit gives the event, whose id follows from run and step', () => {
  const text = `
do: [{ e: { emit: { event: { with: { source: 'https://x.test', type: x.greeted.v1, data: { text: '\${ "Hello \\(.name)!" }' } } } } } }]`;
  const [one, two] = [
    outputOf(text, { input: { name: 'Jo' } }),
    outputOf(text, { input: { name: 'Jo' } }),
  ];
  expect(one).toMatchObject({
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    time: '2026-01-05T09:00:00.000Z',
    source: 'https://x.test',
    type: 'x.greeted.v1',
    data: { text: 'Hello Jo!' },
  });
  expect(two).toEqual(one);
});
