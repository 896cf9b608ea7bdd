import { expect, test } from '@jest/globals';
import { codesIn, labelsIn, newSettings, retryDelays, settingsInput } from './settings-draft.js';

const delays = (change: object) =>
  retryDelays({ ...newSettings(), initialDelay: 10, backoffMultiplier: 3, ...change });

test('a delay grows by its factor up to the longest one', () => {
  expect(delays({ maxRetries: 4, maxDelay: 60 }).map(({ most }) => most)).toEqual([10, 30, 60, 60]);
});

test('without retries there is no delay', () => {
  expect(delays({ maxRetries: '' })).toEqual([]);
});

test('jitter takes off up to its share, and never adds', () => {
  expect(delays({ maxRetries: 1, jitter: 25 })).toEqual([{ least: 7.5, most: 10 }]);
});

test('what is as by default is not said', () => {
  const input = settingsInput({ ...newSettings(), jitter: '', totalDeadline: '' });
  expect(JSON.parse(JSON.stringify(input))).toEqual({
    timeout: 5,
    retryPolicy: { maxRetries: 3, initialDelay: 10, backoffMultiplier: 2, maxDelay: 300 },
    notifications: { onSuccess: false, onFailure: true, channels: [] },
    priority: 'normal',
  });
});

test('what differs is said in the units of the gateway', () => {
  const input = settingsInput({
    ...newSettings(),
    jitter: 20,
    finalErrors: 'HTTP_4*,  CARD_REFUSED HTTP_4*',
    deadLetter: false,
    limits: { cpuSeconds: '', memoryMb: 256, diskMb: '', processes: '' },
  });
  expect(input.retryPolicy).toMatchObject({
    jitter: 0.2,
    finalErrors: ['HTTP_4*', 'CARD_REFUSED'],
  });
  expect(input).toMatchObject({ deadLetter: false, limits: { memoryMb: 256 } });
});

test('labels are keys and values', () => {
  expect(labelsIn('region=eu, gpu')).toEqual([
    { key: 'region', value: 'eu' },
    { key: 'gpu', value: '' },
  ]);
  expect(labelsIn('')).toBeUndefined();
});

test('codes are separated by commas or blanks', () => {
  expect(codesIn(' A, B\nC ')).toEqual(['A', 'B', 'C']);
  expect(codesIn(' , ')).toBeUndefined();
});
