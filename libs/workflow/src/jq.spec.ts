import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type JqAnswer, JqHalted, JqThread } from './jq.js';
import type { Json } from './json.js';

// Patient: the machine may be busy with other specs.
const jq = new JqThread({ timeMs: 20_000 });
afterAll(() => jq[Symbol.asyncDispose]());

const ask = (expression: string, input: Json = null, variables: Record<string, Json> = {}) =>
  jq.evaluate({ expression, input, variables, nowMs: 1_700_000_000_000 });
const value = (answer: JqAnswer) => (answer.ok ? answer.value : `refused: ${answer.message}`);

describe('an expression', () => {
  test('sees its input and the variables it is given', () => {
    expect(
      value(ask('{ id: .a, who: $context.name }', { a: 1 }, { context: { name: 'x' } })),
    ).toEqual({ id: 1, who: 'x' });
  });

  test('gives null for no value, and refuses more than one', () => {
    expect(value(ask('empty'))).toBeNull();
    expect(value(ask('1, 2'))).toMatch(/put \[ \] around it/);
  });

  test('tells the time it is given, whatever the clock says', () => {
    expect(value(ask('now'))).toBe(1_700_000_000);
    expect(value(ask('now | localtime | todate'))).toBe('2023-11-14T22:13:20Z');
  });

  test('sees neither environment nor another input', () => {
    expect(value(ask('[env, $ENV, input_filename]'))).toEqual([{}, {}, null]);
    expect(value(ask('input'))).toMatch(/no other input/);
  });

  test('may end with a comment', () => {
    expect(value(ask('.a # the first', { a: 1 }))).toBe(1);
  });

  test('fails with the words of jq', () => {
    expect(ask('.a | tonumber', { a: 'x' })).toMatchObject({ ok: false });
    expect(value(ask('error("no stock")'))).toBe('refused: no stock');
  });

  test('has only numbers that JSON can keep', () => {
    expect(value(ask('[1e1000, 1]'))).toEqual([null, 1]);
  });

  test('may not give more than it may', () => {
    expect(value(ask('[range(200000)]'))).toMatch(/more than it may give/);
  });

  test('is ended when it takes too long, and the next one is answered', async () => {
    await using impatient = new JqThread({ timeMs: 200 });
    const endless = { expression: 'until(false; .)', input: null, variables: {}, nowMs: 0 };
    expect(() => impatient.evaluate(endless)).toThrow(JqHalted);
    expect(value(impatient.evaluate({ ...endless, expression: '1 + 1' }))).toBe(2);
  });

  test('that breaks jq down is no answer, and the next one is answered', () => {
    expect(() => ask(`${'['.repeat(5_000)}1${']'.repeat(5_000)}`)).toThrow(JqHalted);
    expect(value(ask('1 + 1'))).toBe(2);
  });
});

describe('compiling', () => {
  test('says what is wrong, and runs nothing', () => {
    expect(jq.compile('.a | (', [])).toMatch(/syntax error/);
    expect(jq.compile('repeat(1)', [])).toBeUndefined();
  });

  test('knows the variables of the place', () => {
    expect(jq.compile('$pet.id', [])).toMatch(/\$pet is not defined/);
    expect(jq.compile('$pet.id', ['pet'])).toBeUndefined();
  });

  test('refuses to close the brackets that an expression is run in', () => {
    expect(jq.compile('.a) | (.b', [])).toBeDefined();
    expect(jq.compile('import "x" as x; .', [])).toBeDefined();
  });
});

test('a path gives what jq gives', () => {
  const name = fc.constantFrom('a', 'b', 'length');
  const link = fc.oneof(
    name.map((one) => `.${one}`),
    fc.nat(2).map((one) => `[${one}]`),
  );
  const path = fc
    .tuple(fc.constantFrom('.', '$v'), fc.array(link, { maxLength: 3 }))
    .map(([start, links]) => {
      const rest = links.join('');
      return start === '.' ? (rest.startsWith('.') ? rest : `.${rest}`) : `${start}${rest}`;
    });
  const tree = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, 1, 'text', true),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(name, tie('json'), { maxKeys: 3 }),
    ),
  })).json;
  fc.assert(
    fc.property(path, tree, tree, (expression, input, v) => {
      const short = ask(expression, input, { v });
      const long = ask(
        `null | $__all | ${expression.startsWith('$') ? expression : `.input | ${expression}`}`,
        null,
        { __all: { input }, v },
      );
      expect(short.ok).toBe(long.ok);
      if (short.ok && long.ok) expect(short.value).toEqual(long.value);
    }),
    { numRuns: 100, seed: 11 },
  );
});
