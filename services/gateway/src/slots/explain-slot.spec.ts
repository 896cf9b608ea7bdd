import { describe, expect, test } from '@jest/globals';
import { executionRow, slotRow } from '../testing/rows.js';
import { explainSlot, span } from './explain-slot.js';
import { type SlotFacts } from './slot-facts.js';

const LOCAL = '2026-11-27T09:00:00';
const DUE = Date.parse(`${LOCAL}Z`);
const at = (ms: number) => new Date(DUE + ms);
const MINUTE = 60_000;

const slot = (outcome: string, cause: string, rest: object = {}) =>
  slotRow(LOCAL, { outcome, cause, ...rest }) as SlotFacts['slot'];
const run = (id: string, lateMs: number, rest: object = {}) =>
  ({
    ...executionRow(id, 0),
    nominal_at: at(0),
    requested_at: at(lateMs),
    started_at: at(lateMs + 1),
    ended_at: at(lateMs + 2),
    ...rest,
  }) as unknown as NonNullable<SlotFacts['execution']>;
const version = (definition: object = {}) =>
  ({
    version: 3,
    valid_from: at(-90 * MINUTE),
    author: 'local-admin',
    note: 'Earlier, please',
    definition: {
      catchUp: { mode: 'latest' },
      overlap: { policy: 'skip' },
      calendars: [],
      ...definition,
    },
  }) as unknown as NonNullable<SlotFacts['version']>;
const calendar = {
  name: 'Black Friday',
  version: 3,
  author: 'local-admin',
  saved_at: at(-7 * 86_400_000),
} as SlotFacts['calendar'];
const say = (facts: SlotFacts) => explainSlot(facts).sentence;

describe('a slot that fired', () => {
  test('says how late, and what became of its run', () => {
    expect(say({ slot: slot('fired', 'due'), execution: run('e-1', 3) })).toBe(
      'Fired 3 ms after its instant; execution e-1 succeeded.',
    );
  });

  test('says where its spread put it', () => {
    const spread = slot('fired', 'due', { effective_at: at(5 * MINUTE) });
    expect(say({ slot: spread, execution: run('e-1', 5 * MINUTE + 2) })).toBe(
      'Fired 2 ms after its instant, which spread and jitter put 5 min on; execution e-1 succeeded.',
    );
  });

  test('late says that nobody had looked', () => {
    const late = run('e-1', 190 * MINUTE, { status: 'failed' });
    expect(say({ slot: slot('fired', 'catch_up'), execution: late })).toBe(
      'Caught up 3 h 10 min late: nobody looked at it in time; execution e-1 failed.',
    );
  });

  test('elsewhere says which calendar moved it', () => {
    const moved = slot('fired', 'moved', { effective_at: at(15 * 60 * MINUTE), calendar_id: 'c' });
    expect(say({ slot: moved, ...(calendar && { calendar }) })).toBe(
      'Moved to 2026-11-28 00:00 (UTC): calendar *Black Friday* v3 excludes it; set by local-admin on 2026-11-20 09:00 (UTC).',
    );
  });

  test('of which nothing else is known is said to have fired', () => {
    expect(say({ slot: slot('fired', 'due') })).toBe('Fired.');
  });

  test('for several in a gap of the clock says so', () => {
    expect(say({ slot: slot('fired', 'due', { folded: 3 }) })).toContain('3 more of the same gap');
  });
});

const skipped: [string, SlotFacts, string][] = [
  [
    'an excluding calendar',
    { slot: slot('skipped', 'calendar', { calendar_id: 'c' }), ...(calendar && { calendar }) },
    'Skipped: calendar *Black Friday* v3 excludes it; set by local-admin on 2026-11-20 09:00 (UTC).',
  ],
  [
    'an including calendar',
    {
      slot: slot('skipped', 'calendar', { calendar_id: 'c' }),
      version: version({ calendars: [{ calendarId: 'c', role: 'include', action: 'skip' }] }),
      ...(calendar && { calendar }),
    },
    'Skipped: calendar *Black Friday* v3 does not include it; set by local-admin on 2026-11-20 09:00 (UTC).',
  ],
  [
    'a pause',
    {
      slot: slot('skipped', 'task_paused'),
      pause: {
        actor: 'local-admin',
        occurred_at: at(-MINUTE),
        summary: { reason: 'Flaky' },
      } as unknown as NonNullable<SlotFacts['pause']>,
    },
    'Skipped: the task was paused by local-admin on 2026-11-27 08:59 (UTC) (Flaky).',
  ],
  [
    'a maintenance',
    {
      slot: slot('skipped', 'maintenance'),
      maintenance: {
        reason: 'Move',
        from_at: at(-MINUTE),
        planned_at: at(-2 * MINUTE),
        author: 'local-admin',
        ended_at: null,
      } as unknown as NonNullable<SlotFacts['maintenance']>,
    },
    'Skipped: it fell into the maintenance *Move* from 2026-11-27 08:59 (UTC), planned by local-admin.',
  ],
  [
    'a maintenance of the whole system',
    {
      slot: slot('skipped', 'maintenance'),
      maintenance: {
        account: '$system',
        reason: 'New disks',
        from_at: at(-MINUTE),
        planned_at: at(-2 * MINUTE),
        author: 'local-admin',
        ended_at: null,
      } as unknown as NonNullable<SlotFacts['maintenance']>,
    },
    'Skipped: it fell into the maintenance of the whole system *New disks* from 2026-11-27 08:59 (UTC), planned by local-admin.',
  ],
  [
    'another schedule of the task',
    {
      slot: slot('skipped', 'merged', { merged_into: 's-2' }),
      instead: { slot: slot('fired', 'due', { schedule_id: 's-2' }), execution: run('e-2', 1) },
    },
    'Skipped: schedule s-2 of the same task rings at the same instant; execution e-2 ran for both.',
  ],
  [
    'an open run',
    { slot: slot('skipped', 'overlap'), blocking: run('e-0', 0, { nominal_at: at(-60 * MINUTE) }) },
    'Skipped: the run e-0 of 2026-11-27 08:00 (UTC) was still open (overlap: skip).',
  ],
  [
    'a full buffer',
    {
      slot: slot('skipped', 'buffer_full'),
      version: version({ overlap: { policy: 'buffer_one' } }),
    },
    'Skipped: as many runs waited already as may wait (overlap: buffer_one).',
  ],
  [
    'a later slot that took its place',
    { slot: slot('skipped', 'superseded') },
    'Skipped: a later slot of the schedule took its place while it waited.',
  ],
  [
    'a later slot that took its place while a maintenance held it',
    {
      slot: slot('skipped', 'superseded', { maintenance_id: 'm' }),
      maintenance: {
        reason: 'Move',
        from_at: at(-MINUTE),
        planned_at: at(-2 * MINUTE),
        author: 'local-admin',
        ended_at: null,
      } as unknown as NonNullable<SlotFacts['maintenance']>,
    },
    'Skipped: the maintenance *Move* from 2026-11-27 08:59 (UTC), planned by local-admin, held it, and a later slot of the schedule took its place.',
  ],
  [
    'a start deadline',
    { slot: slot('skipped', 'start_deadline') },
    'Skipped: it had not started by the start deadline of its task.',
  ],
  [
    'a task that was deleted',
    { slot: slot('skipped', 'task_deleted') },
    'Skipped: the task was deleted before it could run.',
  ],
  [
    'a target that is gone',
    { slot: slot('skipped', 'target_missing') },
    'Skipped: the automation that the task runs did not exist.',
  ],
];

test.each(skipped)('skipped for %s', (_name, facts, sentence) => {
  expect(say(facts)).toBe(sentence);
});

const missed: [string, SlotFacts, string][] = [
  [
    'a later one stood for it',
    {
      slot: slot('missed', 'later_slot'),
      instead: {
        slot: slotRow('2026-11-27T12:00:00', { cause: 'catch_up' }) as SlotFacts['slot'],
        execution: run('e-9', 190 * MINUTE),
      },
    },
    'Missed: nobody looked at it in time; the ticker came back 3 h 10 min late; a later slot (2026-11-27 12:00 (UTC)) stood for it.',
  ],
  [
    'it was beyond the window',
    { slot: slot('missed', 'too_late'), version: version() },
    'Missed: nobody looked at it in time, and then it was too late: the schedule catches up within 1 d.',
  ],
  [
    'it was beyond its deadline',
    { slot: slot('missed', 'too_late'), version: version({ startDeadlineSeconds: 600 }) },
    'Missed: nobody looked at it in time, and then it was too late: its start deadline is 10 min.',
  ],
  [
    'it was looked at too late',
    {
      slot: slot('missed', 'too_late', { decided_at: at(26 * 60 * MINUTE) }),
      version: version(),
    },
    'Missed: it was looked at 1 d 2 h late, and then it was too late: the schedule catches up within 1 d.',
  ],
  [
    'nothing is caught up',
    { slot: slot('missed', 'not_caught_up'), version: version({ catchUp: { mode: 'none' } }) },
    'Missed: nobody looked at it in time, and the schedule catches up nothing.',
  ],
  [
    'only the latest are caught up',
    {
      slot: slot('missed', 'not_caught_up'),
      version: version({ catchUp: { mode: 'all', limit: 2 } }),
    },
    'Missed: nobody looked at it in time, and the schedule catches up no more than the latest 2.',
  ],
];

test.each(missed)('missed, because %s', (_name, facts, sentence) => {
  expect(say(facts)).toBe(sentence);
});

test('a cause that this build does not know is told as it is', () => {
  expect(say({ slot: slot('skipped', 'eclipse') })).toContain('(eclipse)');
});

test('the chain tells what was defined, then what happened, in order', () => {
  const facts = {
    slot: slot('skipped', 'calendar', { calendar_id: 'c' }),
    version: version(),
    ...(calendar && { calendar }),
  };
  expect(explainSlot(facts).chain).toEqual([
    { at: at(-7 * 86_400_000), what: 'Calendar *Black Friday* v3 was saved.', by: 'local-admin' },
    {
      at: at(-90 * MINUTE),
      what: 'Version 3 of the schedule came into force (Earlier, please).',
      by: 'local-admin',
    },
    { at: at(0), what: `The slot ${LOCAL} was due.`, by: null },
  ]);
});

test.each([
  [8, '8 ms'],
  [1_500, '1 s'],
  [61_000, '1 min 1 s'],
  [11_400_000, '3 h 10 min'],
  [90_000_000, '1 d 1 h'],
])('%i ms is told as %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});
