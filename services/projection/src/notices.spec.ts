import { expect, test } from '@jest/globals';
import type { Touched } from '#libs/read-model';
import { NOTICE_KEYS_MAX, noticesOf } from './notices.js';

const AT = { stream: 'DISPATCH', seq: 9 } as const;
const touch = (account: string, key: string): Touched => ({ readModel: 'execution', account, key });

test('a notice names each key once, for one account', () => {
  expect(
    noticesOf([touch('a', '1'), touch('b', '1'), touch('a', '1'), touch('a', '2')], AT),
  ).toEqual([
    { readModel: 'execution', notice: { account: 'a', keys: ['1', '2'], ...AT } },
    { readModel: 'execution', notice: { account: 'b', keys: ['1'], ...AT } },
  ]);
});

test('many keys are told in several notices', () => {
  const many = Array.from({ length: NOTICE_KEYS_MAX + 1 }, (_, i) => touch('a', `${i}`));
  expect(noticesOf(many, AT).map(({ notice }) => notice.keys.length)).toEqual([NOTICE_KEYS_MAX, 1]);
});

test('nothing touched is nothing told', () => {
  expect(noticesOf([], AT)).toEqual([]);
});
