import { describe, expect, test } from '@jest/globals';
import { readKeyExpression } from './key-expression.js';

const facts = {
  parameters: { customer: 'acme', nested: { region: 'eu' }, count: 3, on: true, list: ['a'] },
  task: 't1',
  account: 'default',
};

function keyOf(text: string) {
  const read = readKeyExpression(text);
  return typeof read === 'function' ? read(facts) : { refused: read };
}

describe('the key of a limit', () => {
  test.each([
    ['parameters.customer', 'acme'],
    ['parameters.nested.region + "/" + task', 'eu/t1'],
    ['"all"', 'all'],
    ['account', 'default'],
    ['parameters.count', '3'],
    ['parameters.on', 'true'],
    ['has(parameters.customer) ? parameters.customer : "none"', 'acme'],
    ['has(parameters.shop) ? parameters.shop : "none"', 'none'],
    ['parameters["customer"].startsWith("a") ? "a" : "other"', 'a'],
  ])('%s is %s', (text, key) => {
    expect(keyOf(text)).toEqual({ key });
  });

  test.each([
    ['parameters.shop', /shop/],
    ['parameters.list', /no text, number or boolean/],
    ['parameters.customer.length.more', /./],
    ['1 / (parameters.count - parameters.count) == 1 ? "a" : "b"', /./],
  ])('%s has a clear fault when it fails', (text, fault) => {
    expect(keyOf(text)).toEqual({ fault: expect.stringMatching(fault) });
  });
});

describe('an expression is refused where it is defined', () => {
  test.each([
    ['parameters.', 11],
    ['params.customer', 0],
    ['"a" + now', 6],
    ['[1, 2]', 0],
    ['parameters.list.exists(x, x == "a")', 0],
    ['parameters.customer.matches("(a+)+$")', 0],
    ['"x" +', 5],
    ['', 0],
  ])('%j, with the position', (text, position) => {
    expect(readKeyExpression(text)).toMatchObject({ position });
  });

  test.each([
    ['too deep', `${'('.repeat(200)}1${')'.repeat(200)}`],
    ['too much', Array(100).fill('task').join(' + ')],
    ['too long', '"'.padEnd(600, 'x')],
  ])('when it is %s', (_, text) => {
    const read = readKeyExpression(text);
    expect(typeof read).toBe('object');
    if (typeof read === 'function') return;
    expect(read.message).toMatch(/[.…]$/);
  });
});
