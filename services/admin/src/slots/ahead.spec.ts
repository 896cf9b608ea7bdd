import { expect, test } from '@jest/globals';
import { becomes, type SlotAhead } from './ahead.js';

const AT = '2026-11-23T09:00:00.000Z';
const LATER = '2026-11-23T12:30:00.000Z';
const hours = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const slot = (more: Partial<SlotAhead>): SlotAhead => ({
  at: AT,
  startsAt: AT,
  verdict: 'runs',
  cause: null,
  by: null,
  ...more,
});
const none = { startsAt: null };

test.each<[string, Partial<SlotAhead>, string]>([
  ['as it stands', {}, 'runs'],
  ['spread', { startsAt: LATER }, '→ 12:30'],
  ['moved', { verdict: 'moved', startsAt: LATER, by: 'Holidays' }, '12:30, by Holidays'],
  ['not allowed', { ...none, verdict: 'skipped', cause: 'calendar', by: 'Sale' }, 'skipped: Sale'],
  ['of a paused task', { ...none, verdict: 'skipped', cause: 'task_paused' }, 'the task is paused'],
  [
    'rung by another schedule too',
    { ...none, verdict: 'skipped', cause: 'merged', by: 's-2' },
    'runs with another schedule of the task',
  ],
  ['held', { verdict: 'held', startsAt: LATER, by: 'Move' }, 'held until 12:30: Move'],
  ['held for another', { ...none, verdict: 'held', by: 'Move' }, 'held: Move'],
])('a slot that is %s says so', (_, more, told) => {
  expect(becomes(slot(more), hours)).toBe(told);
});
