import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { maintenance as m, SYSTEM_ACCOUNT, task as t } from '#libs/contracts';
import { LOCAL_ACCOUNT } from '../identity.js';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { BASE_MS, executionRow, scheduleRow, slotRow, taskRow } from '../testing/rows.js';

let gateway: GatewayUnderTest;
const DAYS = { dates: [{ from: '2099-12-24', to: '2099-12-26' }], hours: [], times: [] };

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
  const { db } = gateway;
  // Nothing projects here: whatever is accepted counts as readable.
  const everything = {
    projection: 'definitions',
    version: 99,
    stream: 'DEFINITIONS',
    seq: 1_000_000,
  };
  await db.insertInto('projection_position').values(everything).execute();
  await db.insertInto('task').values(taskRow('daily')).execute();
  await db.insertInto('schedule').values(scheduleRow('s-1', 'daily')).execute();
  const at = new Date(BASE_MS);
  const by = {
    created_at: at,
    updated_at: at,
    created_by: 'local-admin',
    updated_by: 'local-admin',
  };
  const days = JSON.stringify(DAYS);
  const calendar = {
    id: 'c-1',
    name: 'Holidays',
    version: 2,
    days,
    deleted: false,
    position: 1,
    ...by,
  };
  await db
    .insertInto('calendar')
    .values([
      { account: LOCAL_ACCOUNT, ...calendar },
      { account: 'somebody-else', ...calendar, id: 'c-foreign' },
    ])
    .execute();
  const saved = { calendar_id: 'c-1', days, saved_at: at, author: 'local-admin', position: 1 };
  await db
    .insertInto('calendar_version')
    .values(
      [1, 2].map((version) => ({ account: LOCAL_ACCOUNT, version, name: 'Holidays', ...saved })),
    )
    .execute();
  await db
    .insertInto('maintenance')
    .values({
      account: LOCAL_ACCOUNT,
      id: 'm-1',
      from_at: at,
      until_at: null,
      aftermath: 'skip',
      reason: 'Move',
      status: 'planned',
      planned_at: at,
      author: 'local-admin',
      ended_at: null,
      ended_by: null,
      position: 1,
    })
    .execute();
  const definition = {
    name: 'old',
    timing: { cron: '0 7 * * *' },
    zone: 'UTC',
    dst: 'vixie' as const,
    enabled: true,
    catchUp: { mode: 'latest' as const },
    overlap: { policy: 'skip' as const },
    calendars: [],
  };
  await db
    .insertInto('schedule_version')
    .values({
      account: LOCAL_ACCOUNT,
      task_id: 'daily',
      schedule_id: 's-1',
      version: 1,
      revision: 1,
      kind: 'added',
      definition: JSON.stringify(definition),
      task_paused: false,
      valid_from: at,
      valid_until: null,
      author: 'local-admin',
      note: null,
      position: 1,
    })
    .execute();
});
afterAll(() => gateway?.stop());
beforeEach(() => {
  gateway.commands.length = 0;
});

async function send(method: string, path: string, body?: unknown) {
  const response = await fetch(`${gateway.address}/api/scheduler${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

async function ask(query: string, variables: object = {}) {
  const response = await fetch(`${gateway.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
  expect(errors).toBeUndefined();
  return data as Record<string, never>;
}

function sentBody(): t.Command['body'] {
  const [first] = gateway.commands;
  if (first?.to !== 'definitions') throw new Error('no command was sent');
  return first.command.body;
}

describe('calendars', () => {
  test('are listed and read, those of others are not there', async () => {
    expect((await send('GET', '/calendars')).json.calendars).toMatchObject([
      { id: 'c-1', name: 'Holidays', version: 2, days: DAYS },
    ]);
    expect((await send('GET', '/calendars/c-foreign')).json).toMatchObject({
      status: 404,
      code: 'calendar-unknown',
    });
    const { versions } = (await send('GET', '/calendars/c-1/versions')).json;
    expect(versions.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    const { calendar } = await ask('{ calendar(id: "c-1") { name versions { version author } } }');
    expect(calendar).toMatchObject({
      name: 'Holidays',
      versions: [{ version: 2 }, { version: 1 }],
    });
  });

  test('are saved, a day without an end being one day', async () => {
    const days = { zone: 'Europe/Berlin', dates: [{ from: '2026-12-24' }] };
    expect((await send('POST', '/calendars', { name: 'Closed', days })).status).toBe(201);
    expect(sentBody()).toMatchObject({
      case: 'saveCalendar',
      value: { name: 'Closed', days: { zone: 'Europe/Berlin', dates: [{ to: '2026-12-24' }] } },
    });
  });

  test.each<[string, object, string]>([
    ['a day that never is', { dates: [{ from: '2026-02-30' }] }, '/days/dates/0/from'],
    [
      'a range turned round',
      { dates: [{ from: '2026-02-03', to: '2026-02-01' }] },
      '/days/dates/0/to',
    ],
    [
      'a weekday that is none',
      { hours: [{ weekday: 8, fromMinute: 0, toMinute: 9 }] },
      '/days/hours/0/weekday',
    ],
    ['a zone that is nowhere', { zone: 'Mars' }, '/days/zone'],
    [
      'a time without seconds',
      { times: [{ from: '2026-02-01T09:00', to: '2026-02-01T10:00:00' }] },
      '/days/times/0/from',
    ],
  ])('with %s are refused, and nothing is sent', async (_name, days, path) => {
    const { status, json } = await send('POST', '/calendars', { name: 'x', days });
    expect([status, json.errors[0].path]).toEqual([400, path]);
    expect(json.errors[0].remedy).toEqual(expect.any(String));
    expect(gateway.commands).toEqual([]);
  });

  test('come from an iCalendar, or only show what would come', async () => {
    const ics = 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224\nEND:VEVENT\nEND:VCALENDAR';
    const dry = await send('POST', '/calendars/import/ics', { name: 'x', ics, dryRun: true });
    expect(dry.json).toMatchObject({ calendarId: null, days: { dates: [{ from: '2026-12-24' }] } });
    expect(gateway.commands).toEqual([]);
    const { status, json } = await send('POST', '/calendars/import/ics', { name: 'x', ics });
    expect([status, json.calendarId]).toEqual([200, expect.any(String)]);
    expect(
      (await send('POST', '/calendars/import/ics', { name: 'x', ics: 'no' })).json,
    ).toMatchObject({ status: 400, errors: [{ path: '/ics', code: 'bad-format' }] });
  });

  test('come from an iCalendar that is sent as it is, with its wishes in the query', async () => {
    const ics = 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224\nEND:VEVENT\nEND:VCALENDAR';
    const post = async (query: string, body: string, type = 'text/calendar; charset=utf-8') => {
      const url = `${gateway.address}/api/scheduler/calendars${query}`;
      const headers = { 'content-type': type };
      const response = await fetch(url, { method: 'POST', headers, body });
      return [response.status, JSON.parse(await response.text())];
    };
    const [status, json] = await post('/import/ics?name=Christmas', ics);
    expect([status, json.name, json.days.dates]).toEqual([
      200,
      'Christmas',
      [expect.objectContaining({ from: '2026-12-24' })],
    ]);
    expect(sentBody()).toMatchObject({ case: 'saveCalendar', value: { name: 'Christmas' } });
    const [, dry] = await post('/import/ics?name=Christmas&dryRun=true', ics);
    expect(dry.calendarId).toBeNull();
    expect(await post('/import/ics', ics)).toMatchObject([400, { errors: [{ path: '/name' }] }]);
    expect(await post('/import/ics?name=x', 'x'.repeat(1_100_000))).toMatchObject([413, {}]);
    expect(await post('', ics)).toMatchObject([415, { code: 'media-type-unsupported' }]);
    expect(await post('/import/ics?name=x', ics, 'text/plain')).toMatchObject([415, {}]);
  });

  test('come from the holidays of a country', async () => {
    const { importHolidays } = await ask(
      `mutation { importHolidays(input: { country: "DE", state: "BY", years: [2027] }) {
        ... on CalendarImport { calendarId name days { dates { from } } } } }`,
    );
    expect(importHolidays).toMatchObject({
      calendarId: expect.any(String),
      name: 'Holidays DE-BY 2027',
    });
    expect(sentBody()).toMatchObject({ case: 'saveCalendar' });
  });
});

describe('a maintenance', () => {
  test('begins now, without an end, unless it says otherwise', async () => {
    gateway.answerWith({});
    await send('POST', '/maintenance', { reason: 'Move' });
    expect(sentBody()).toMatchObject({
      case: 'planMaintenance',
      value: { fromMs: 0, untilMs: 0, aftermath: m.Aftermath.LATEST, reason: 'Move' },
    });
  });

  test('that would end before it begins is refused', async () => {
    const range = { from: '2099-01-02T00:00:00Z', until: '2099-01-01T00:00:00Z' };
    const { json } = await send('POST', '/maintenance', range);
    expect(json).toMatchObject({ status: 400, errors: [{ path: '/until', code: 'bad-range' }] });
    expect(gateway.commands).toEqual([]);
  });

  test('is told with its state, and ended', async () => {
    expect((await send('GET', '/maintenance')).json.maintenances).toMatchObject([
      { id: 'm-1', state: 'active', until: null, aftermath: 'skip' },
    ]);
    expect((await send('POST', '/maintenance/m-1/end')).json).toMatchObject({ id: 'm-1' });
    expect(sentBody()).toMatchObject({ case: 'endMaintenance', value: { maintenanceId: 'm-1' } });
  });

  test('of the whole system is the system’s own, and is told to everybody', async () => {
    gateway.answerWith({});
    await send('POST', '/maintenance', { reason: 'New disks', scope: 'system' });
    expect(gateway.commands.at(-1)?.command).toMatchObject({
      account: SYSTEM_ACCOUNT,
      actor: { id: 'local-admin' },
    });
    const { db } = gateway;
    const own = await db.selectFrom('maintenance').selectAll().executeTakeFirstOrThrow();
    const row = { ...own, account: SYSTEM_ACCOUNT, id: 'm-2', ended_at: new Date(BASE_MS) };
    await db.insertInto('maintenance').values(row).execute();
    const { json } = await send('GET', '/maintenance');
    expect(json.maintenances).toMatchObject([
      { id: 'm-2', scope: 'system', state: 'over' },
      { id: 'm-1', scope: 'account' },
    ]);
    await send('POST', '/maintenance/m-2/end');
    expect(gateway.commands.at(-1)?.command).toMatchObject({ account: SYSTEM_ACCOUNT });
  });

  test('of the whole system would hold the schedules of every account', async () => {
    const { db } = gateway;
    const theirs = { account: 'somebody-else' };
    await db
      .insertInto('task')
      .values({ ...taskRow('theirs'), ...theirs })
      .execute();
    await db
      .insertInto('schedule')
      .values({ ...scheduleRow('s-9', 'theirs'), ...theirs })
      .execute();
    const range = { from: '2099-01-01T00:00:00Z', until: '2099-01-02T00:00:00Z' };
    const heldIn = async (scope: string) =>
      (await send('POST', '/maintenance/preview', { ...range, scope })).json.heldCount;
    expect([await heldIn('account'), await heldIn('system')]).toEqual([1, 2]);
  });

  test('shows beforehand what it would hold', async () => {
    const range = { from: '2099-01-01T00:00:00Z', until: '2099-01-04T00:00:00Z' };
    const { json } = await send('POST', '/maintenance/preview', { ...range, aftermath: 'all' });
    expect(json).toMatchObject({ heldCount: 3, runsAfter: 3, countIsExact: true });
    expect(json.first[0]).toMatchObject({ taskId: 'daily', local: '2099-01-01T09:00:00' });
  });
});

describe('a schedule', () => {
  test('may use the calendars there are, and no other', async () => {
    const schedule = { cron: '0 9 * * *', timezone: 'UTC', calendars: [{ calendarId: 'c-x' }] };
    const task = { name: 'n', type: 'system', target: { systemTask: 'noop' }, schedule };
    expect((await send('POST', '/tasks', task)).json.errors).toMatchObject([
      { path: '/schedule/calendars/0/calendarId', code: 'calendar-unknown' },
    ]);
    schedule.calendars = [{ calendarId: 'c-1' }];
    expect((await send('POST', '/tasks', task)).status).toBe(201);
  });

  test('is previewed with what stands around it', async () => {
    const schedule = { cron: '0 9 * * *', timezone: 'UTC', from: '2099-12-24T00:00:00Z', count: 1 };
    const told = await send('POST', '/schedules/preview', {
      ...schedule,
      calendars: [{ calendarId: 'c-1', action: 'at_end' }],
    });
    // The maintenance has no end yet, and skips what falls into it.
    expect(told.json.nextRuns).toMatchObject([{ verdict: 'skipped', by: 'Move' }]);
    const { previewSchedule } = await ask(
      '{ previewSchedule(input: { every: "90s", count: 2 }) { valid description nextRuns { at } presets { id } } }',
    );
    expect(previewSchedule).toMatchObject({ valid: true, nextRuns: [{}, {}] });
  });

  test('shows what an edit of it would change', async () => {
    const path = '/tasks/daily/schedules/s-1/preview-change';
    const same = await send('POST', path, { cron: '0 9 * * *', timezone: 'UTC' });
    expect(same.json).toMatchObject({ addedCount: 0, removedCount: 0 });
    const wrong = await send('POST', path, { cron: '0 99 * * *', timezone: 'UTC' });
    expect(wrong.json.errors[0]).toMatchObject({ path: '/cron', position: 2 });
    const nobodys = await send('POST', path.replace('s-1', 's-9'), { every: '5m' });
    expect(nobodys.json).toMatchObject({ status: 404, code: 'schedule-unknown' });
  });

  test('has versions, and becomes what it was by an update with a note', async () => {
    const path = '/tasks/daily/schedules/s-1/versions';
    expect((await send('GET', path)).json.versions).toMatchObject([
      { version: 1, kind: 'added', definition: { cron: '0 7 * * *', timezone: 'UTC' } },
    ]);
    expect((await send('POST', `${path}/1/restore`)).status).toBe(200);
    expect(sentBody()).toMatchObject({
      case: 'updateTask',
      value: {
        note: 'Version 1 restored.',
        expectedPosition: 1,
        draft: { schedules: [{ id: 's-1', cron: '0 7 * * *', name: 'old' }] },
      },
    });
    expect((await send('POST', `${path}/7/restore`)).status).toBe(404);
  });

  test('is told with every field, and null where GraphQL has none', async () => {
    const { task } = await ask(
      `{ task(id: "daily") { schedules { id cron every timezone revision catchUp { mode window }
        overlap { policy } calendars { calendarId } versions { version author } } } }`,
    );
    expect(task).toMatchObject({
      schedules: [
        {
          id: 's-1',
          cron: '0 9 * * *',
          every: null,
          catchUp: { mode: 'latest', window: null },
          overlap: { policy: 'skip' },
          versions: [{ version: 1, author: 'local-admin' }],
        },
      ],
    });
  });
});

describe('the ledger of slots', () => {
  const slots = '/tasks/daily/slots';
  beforeAll(async () => {
    const fired = { execution_id: 'e-1' };
    const skipped = {
      outcome: 'skipped',
      cause: 'calendar',
      calendar_id: 'c-1',
      calendar_version: 2,
    };
    await gateway.db.insertInto('execution').values(executionRow('e-1', 86_400)).execute();
    await gateway.db
      .insertInto('slot')
      .values([
        slotRow('2026-01-06T09:00:00', fired),
        slotRow('2026-01-07T09:00:00', skipped),
        slotRow('2026-01-08T09:00:00', { outcome: 'missed', cause: 'later_slot' }),
        slotRow('2026-01-08T09:00:00', { schedule_id: 's-2' }),
        slotRow('2026-01-09T09:00:00', { account: 'somebody-else' }),
      ])
      .execute();
  });
  const localsOf = ({ slots: list }: { slots: { local: string; scheduleId: string }[] }) =>
    list.map(({ local, scheduleId }) => `${scheduleId} ${local.slice(8, 10)}`);

  test('is read page by page, the latest first, each slot once', async () => {
    const first = await send('GET', `${slots}?limit=2`);
    expect(localsOf(first.json)).toEqual(['s-2 08', 's-1 08']);
    const { nextCursor } = first.json.pagination;
    const second = await send('GET', `${slots}?limit=2&after=${nextCursor}`);
    expect(localsOf(second.json)).toEqual(['s-1 07', 's-1 06']);
    expect(second.json.pagination.nextCursor).toBeUndefined();
  });

  test('is narrowed by outcome, schedule and time', async () => {
    const range = 'from=2026-01-07T00:00:00Z&to=2026-01-08T09:00:00Z';
    expect(localsOf((await send('GET', `${slots}?${range}`)).json)).toEqual(['s-1 07']);
    const some = await send('GET', `${slots}?outcome=skipped,missed&schedule=s-1`);
    expect(localsOf(some.json)).toEqual(['s-1 08', 's-1 07']);
    expect((await send('GET', `${slots}?outcome=lost`)).status).toBe(400);
    expect((await send('GET', '/tasks/nobody/slots')).status).toBe(404);
  });

  test('explains each slot', async () => {
    const { json } = await send('GET', `${slots}/s-1/1/2026-01-07T09:00:00/0`);
    expect(json.explanation.sentence).toBe(
      'Skipped: calendar *Holidays* v2 excludes it; set by local-admin on 2026-01-05 09:00 (UTC).',
    );
    expect(json.explanation.chain.length).toBeGreaterThan(1);
    expect((await send('GET', `${slots}/s-1/1/2026-01-31T09:00:00/0`)).json.code).toBe(
      'slot-unknown',
    );
    expect((await send('GET', `${slots}/s-1/1/soon/0`)).status).toBe(404);
    const { slots: page } = await ask(
      '{ slots(taskId: "daily", first: 9, outcome: ["fired"], scheduleId: "s-1") { edges { node { local explanation { sentence } } } pageInfo { hasNextPage } } }',
    );
    expect(page).toMatchObject({
      edges: [{ node: { explanation: { sentence: expect.stringContaining('execution e-1') } } }],
      pageInfo: { hasNextPage: false },
    });
  });
});
