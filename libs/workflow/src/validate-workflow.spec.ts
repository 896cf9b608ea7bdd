import { afterAll, describe, expect, test } from '@jest/globals';
import { WORKFLOW_LIMITS } from './limits.js';
import { jq } from './testing/world.js';
import { validateWorkflow } from './validate-workflow.js';

afterAll(() => jq[Symbol.asyncDispose]());

const HEAD = "document: { dsl: '1.0.3', namespace: test, name: test, version: '1.0.0' }";
const HTTP = "{ call: http, with: { method: get, endpoint: 'https://x.test/' } }";

async function problemsOf(text: string) {
  const result = await validateWorkflow(text, jq);
  return result.ok ? [] : result.problems;
}
const inTasks = (tasks: string, head = '') => problemsOf(`${HEAD}\n${head}\ndo: ${tasks}`);
const brief = async (problems: ReturnType<typeof problemsOf>) =>
  (await problems).map(({ code, pointer }) => `${code} ${pointer}`);

describe('a definition', () => {
  test('is accepted as YAML and as JSON', async () => {
    expect(await inTasks(`[{ a: ${HTTP} }]`)).toEqual([]);
    const json = JSON.stringify({
      document: { dsl: '1.0.0', namespace: 'n', name: 'n', version: '1.0.0' },
      do: [{ s: { set: { a: 1 } } }],
    });
    expect(await problemsOf(json)).toEqual([]);
  });

  test('may use what the later versions of the DSL added', async () => {
    const tasks = `
  - a: { set: '\${ .x }' }
  - b: { run: { script: { language: javascript, code: 'x', arguments: ['\${ .a }'], stdin: '\${ . }' } } }
  - c: { call: http, with: { method: get, endpoint: 'https://x.test/', headers: '\${ .h }', query: '\${ .q }' } }
  - d: { run: { task: { name: nightly, parameters: { day: '\${ .day }' } } } }`;
    expect(await inTasks(tasks)).toEqual([]);
  });

  test('is told line and column where it can not be read', async () => {
    const [problem] = await problemsOf('do:\n  - a: [1, 2');
    expect(problem).toMatchObject({ code: 'document-unreadable' });
    expect(problem?.message).toMatch(/^Line 2, column/);
  });

  test('that is not even an object is refused', async () => {
    for (const text of ['', 'just words', '[1]', '42', 'null'])
      expect(await brief(problemsOf(text))).toEqual(['shape-invalid ']);
  });

  test('has one meaning for each name', async () => {
    expect(await brief(problemsOf('do: 1\ndo: 2'))).toEqual(['document-unreadable ']);
  });
});

describe('what would take too much is refused', () => {
  const lol = (levels: number) =>
    Array.from({ length: levels }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x]'
        : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}, *a${level - 1}]`,
    ).join('\n');

  test.each([
    [
      'a text that is too long',
      `${HEAD}\n# ${'x'.repeat(WORKFLOW_LIMITS.documentBytes)}`,
      'document-too-large',
    ],
    ['aliases that multiply', lol(14), 'document-too-deep'],
    ['an alias of itself', 'a: &a [*a]', 'document-too-deep'],
    ['brackets without end', '['.repeat(100_000), ''],
    ['lists far within lists', `a: ${'['.repeat(100)}${']'.repeat(100)}`, 'document-too-deep'],
    ['a number that is none', 'a: .inf', 'value-invalid'],
  ])('%s', async (_, text, code) => {
    const [problem] = await problemsOf(text);
    expect(problem?.code).toEqual(code === '' ? expect.any(String) : code);
  });
});

describe('what is not run is refused by name, with what to do instead', () => {
  test.each([
    ['[{ a: { call: grpc, with: {} } }]', '/do/0/a/call', '`call: grpc`'],
    ['[{ a: { call: mine } }]', '/do/0/a/call', '`call: mine`'],
    ['[{ a: { run: { container: { image: x } } } }]', '/do/0/a/run/container', '`container`'],
    [
      "[{ a: { run: { script: { language: 'python:3', code: x } } } }]",
      '/do/0/a/run/script/language',
      '`language: python:3`',
    ],
    [
      '[{ a: { run: { shell: { command: x }, await: false } } }]',
      '/do/0/a/run/await',
      'A process that is not awaited',
    ],
    [
      '[{ a: { listen: { to: { one: { with: { type: x }, correlate: {} } } } } }]',
      '/do/0/a/listen/to/one/correlate',
      '`correlate`',
    ],
    [
      '[{ f: { fork: { branches: [{ b: { do: [{ a: { call: openapi } }] } }] } } }]',
      '/do/0/f/fork/branches/0/b/do/0/a/call',
      '`call: openapi`',
    ],
    [
      '[{ t: { try: [], catch: { do: [{ a: { call: mcp } }] } } }]',
      '/do/0/t/catch/do/0/a/call',
      '`call: mcp`',
    ],
    [
      '[{ a: { set: { x: 1 }, input: { schema: { format: avro, document: {} } } } }]',
      '/do/0/a/input/schema/format',
      '`format: avro`',
    ],
  ])('%s', async (tasks, pointer, feature) => {
    const [problem] = await inTasks(tasks);
    expect(problem).toMatchObject({
      code: 'not-supported',
      pointer,
      message: `${feature} is not supported.`,
    });
    expect(problem?.remedy).not.toBe('');
  });

  test.each([
    ['schedule: { cron: 0 0 * * * }', '/schedule'],
    ['use: { extensions: [] }', '/use/extensions'],
    ['use: { secrets: [a] }', '/use/secrets'],
    ['use: { functions: {} }', '/use/functions'],
    ['use: { authentications: { a: { oauth2: {} } } }', '/use/authentications/a/oauth2'],
    ['evaluate: { language: js }', '/evaluate/language'],
    ['evaluate: { mode: loose }', '/evaluate/mode'],
    [
      'use: { retries: { r: { limit: { attempt: { duration: PT1S } } } } }',
      '/use/retries/r/limit/attempt/duration',
    ],
  ])('%s', async (head, pointer) => {
    expect(await brief(inTasks(`[{ a: ${HTTP} }]`, head))).toEqual([`not-supported ${pointer}`]);
  });

  test('another version of the DSL', async () => {
    const text = `${HEAD.replace('1.0.3', '2.0.0')}\ndo: [{ a: ${HTTP} }]`;
    expect(await brief(problemsOf(text))).toEqual(['not-supported /document/dsl']);
  });

  test('a task of no known kind, and a field that nobody reads', async () => {
    expect(await brief(inTasks('[{ a: { sett: { x: 1 } } }]'))).toEqual(['not-supported /do/0/a']);
    expect(await brief(inTasks('[{ a: { set: { x: 1 }, timeot: PT1S } }]'))).toEqual([
      'field-unknown /do/0/a/timeot',
    ]);
  });
});

describe('the schema of the specification', () => {
  test('says where something is missing or of the wrong kind', async () => {
    expect(await brief(inTasks('[{ a: { call: http, with: { method: get } } }]'))).toEqual([
      'shape-invalid /do/0/a/with',
    ]);
    expect(await brief(problemsOf('do: []'))).toContain('shape-invalid ');
  });
});

describe('names mean something', () => {
  test.each([
    ['[{ a: { set: { x: 1 }, then: b } }]', 'reference-unknown /do/0/a/then'],
    [
      '[{ d: { do: [{ a: { set: { x: 1 }, then: e } }] } }, { e: { set: { x: 1 } } }]',
      'reference-unknown /do/0/d/do/0/a/then',
    ],
    [
      "[{ a: { switch: [{ 'x/y': { when: '.a', then: nope } }] } }]",
      'reference-unknown /do/0/a/switch/0/x~1y/then',
    ],
    ['[{ a: { raise: { error: nope } } }]', 'reference-unknown /do/0/a/raise/error'],
    ['[{ a: { set: { x: 1 }, timeout: short } }]', 'reference-unknown /do/0/a/timeout'],
    [
      '[{ a: { try: [{ b: { set: { x: 1 } } }], catch: { retry: often } } }]',
      'reference-unknown /do/0/a/catch/retry',
    ],
    [
      "[{ a: { call: http, with: { method: get, endpoint: { uri: 'https://x.test', authentication: { use: me } } } } }]",
      'reference-unknown /do/0/a/with/endpoint/authentication/use',
    ],
    ['[{ exit: { set: { x: 1 } } }]', 'value-invalid /do/0/exit'],
    [
      "[{ a: { for: { in: '.x', each: input }, do: [{ b: { set: { x: 1 } } }] } }]",
      'value-invalid /do/0/a/for',
    ],
    ['[{ a: { wait: P1Y } }]', 'value-invalid /do/0/a/wait'],
    ['[{ a: { wait: { days: 400 } } }]', 'value-invalid /do/0/a/wait'],
    [
      '[{ a: { set: { x: 1 }, input: { schema: { document: { type: nope } } } } }]',
      'schema-invalid /do/0/a/input/schema/document',
    ],
  ])('%s', async (tasks, expected) => {
    expect((await brief(inTasks(tasks)))[0]).toBe(expected);
  });

  test('a schema refers to nothing outside, and answers at once', async () => {
    const schema = (document: string) =>
      brief(inTasks(`[{ a: { set: { x: 1 }, output: { schema: { document: ${document} } } } }]`));
    const refused = ['schema-invalid /do/0/a/output/schema/document'];
    expect(await schema("{ $ref: 'https://x.test/schema' }")).toEqual(refused);
    expect(await schema('{ $async: true, type: object }')).toEqual(refused);
    expect(await schema("{ $ref: '#/$defs/x', $defs: { x: { type: object } } }")).toEqual([]);
  });

  test('nesting has an end', async () => {
    const deep = (levels: number): string =>
      levels === 0 ? '[{ a: { set: { x: 1 } } }]' : `[{ d: { do: ${deep(levels - 1)} } }]`;
    expect((await brief(inTasks(deep(25))))[0]).toMatch(/^(limit-exceeded|document-too-deep) /);
  });
});

describe('expressions', () => {
  test.each([
    [`[{ a: { set: { x: "\${ .a | ( }" } } }]`, '/do/0/a/set/x'],
    ['[{ a: { if: .a ==, set: { x: 1 } } }]', '/do/0/a/if'],
    ['[{ a: { set: { x: 1 }, output: { as: ". |" } } }]', '/do/0/a/output/as'],
    ['[{ a: { if: $input.x, set: { x: 1 } } }]', '/do/0/a/if'],
    [`[{ a: { set: { x: "\${ $pet }" } } }]`, '/do/0/a/set/x'],
    [`[{ a: { set: { x: "\${ .a) | (.b }" } } }]`, '/do/0/a/set/x'],
  ])('that can not be compiled are found where they stand: %s', async (tasks, pointer) => {
    expect(await brief(inTasks(tasks))).toEqual([`expression-invalid ${pointer}`]);
  });

  test('are the whole of a text, or none: a part would go out as it stands', async () => {
    const shell = (command: string) =>
      inTasks(`[{ a: { run: { shell: { command: '${command}' } } } }]`);
    expect(await brief(shell(`echo \${ .name } now`))).toEqual([
      'value-invalid /do/0/a/run/shell/command',
    ]);
    expect(await shell(`echo \${HOME}`)).toEqual([]);
  });

  test('know what the loops and catches around them have named', async () => {
    const tasks = `
  - a: { for: { in: .pets, each: pet }, while: $pet.ok, do: [{ b: { set: { x: '\${ [$pet, $index] }' } } }] }
  - c: { try: [{ d: { set: { x: 1 } } }], catch: { as: e, when: $e.status == 1, do: [{ f: { set: { x: '\${ $e }' } } }] } }
  - g: { listen: { to: { any: [], until: 'length > 3' } }, foreach: { item: i, do: [{ h: { set: { x: '\${ $i }' } } }] } }
  - j: { set: { x: 1 }, export: { as: '$context + { x: $output }' } }`;
    expect(await inTasks(tasks)).toEqual([]);
  });
});
