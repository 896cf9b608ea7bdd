/**
 * What each policy does on days when clocks change, written down by hand from the rules of the
 * zones. A row: zone, policy, expression, the UTC window (its start left out), and the slots as `local=UTC`; a star marks
 * the second pass of an overlap, +n the times of a gap folded into the slot.
 */
import { expect, test } from '@jest/globals';
import { slotsBetween } from './slots-between.js';
import { type DstPolicy } from './timing.js';
import { isKnownZone } from './zone.js';

type Row = [zone: string, policies: string, expression: string, window: string, slots: string];

// biome-ignore format: a table reads in rows
const table: Row[] = [
  // New York: 02:00 -> 03:00 on 8 March, 02:00 -> 01:00 on 1 November.
  ['America/New_York', 'vixie', '30 2 * * *', '2026-03-08T05 09T04', '08T02:30=08T07:00'],
  ['America/New_York', 'skip wall', '30 2 * * *', '2026-03-08T05 09T04', ''],
  ['America/New_York', 'vixie', '0,30 2 * * *', '2026-03-08T05 09T04', '08T02:00=08T07:00+1'],
  ['America/New_York', 'vixie', '0,30 2,3 * * *', '2026-03-08T05 09T04', '08T03:00=08T07:00+2 08T03:30=08T07:30'],
  ['America/New_York', 'vixie skip wall', '*/15 2 * * *', '2026-03-08T05 09T04', ''],
  ['America/New_York', 'vixie skip wall', '0 */2 * * *', '2026-03-08T05 08T11', '08T04:00=08T08:00 08T06:00=08T10:00'],
  ['America/New_York', 'vixie', '0 0-6/2 * * *', '2026-03-08T05 08T09', '08T02:00=08T07:00 08T04:00=08T08:00'],
  ['America/New_York', 'vixie skip', '30 1 * * *', '2026-11-01T04 02T05', '01T01:30=01T05:30'],
  ['America/New_York', 'wall', '30 1 * * *', '2026-11-01T04 02T05', '01T01:30=01T05:30 01T01:30*=01T06:30'],
  ['America/New_York', 'vixie wall', '*/30 1 * * *', '2026-11-01T04 02T05', '01T01:00=01T05:00 01T01:30=01T05:30 01T01:00*=01T06:00 01T01:30*=01T06:30'],
  ['America/New_York', 'skip', '*/30 1 * * *', '2026-11-01T04 02T05', '01T01:00=01T05:00 01T01:30=01T05:30'],
  ['America/New_York', 'vixie wall', '@hourly', '2026-11-01T04 01T07', '01T01:00=01T05:00 01T01:00*=01T06:00 01T02:00=01T07:00'],
  ['America/New_York', 'skip', '@hourly', '2026-11-01T04 01T07', '01T01:00=01T05:00 01T02:00=01T07:00'],
  // London and Dublin change at the same instant, Dublin by law the other way round.
  ['Europe/London', 'vixie', '30 1 * * *', '2026-03-28T12 29T12', '29T01:30=29T01:00'],
  ['Europe/Dublin', 'vixie', '30 1 * * *', '2026-03-28T12 29T12', '29T01:30=29T01:00'],
  ['Europe/London', 'vixie skip', '15 1 * * *', '2026-10-24T12 25T12', '25T01:15=25T00:15'],
  ['Europe/London', 'wall', '15 1 * * *', '2026-10-24T12 25T12', '25T01:15=25T00:15 25T01:15*=25T01:15'],
  ['Europe/Berlin', 'vixie', '0 2 * * *', '2026-03-28T12 29T12', '29T02:00=29T01:00'],
  ['Europe/Berlin', 'vixie skip wall', '0 3 * * *', '2026-03-28T12 29T12', '29T03:00=29T01:00'],
  ['Europe/Berlin', 'vixie', '0 2,3 * * *', '2026-03-28T12 29T12', '29T03:00=29T01:00+1'],
  // Lord Howe moves by half an hour.
  ['Australia/Lord_Howe', 'vixie', '15 2 * * *', '2026-10-03T14 04T12', '04T02:15=03T15:30'],
  ['Australia/Lord_Howe', 'vixie skip wall', '*/15 * * * *', '2026-10-03T15 03T16', '04T01:45=03T15:15 04T02:30=03T15:30 04T02:45=03T15:45 04T03:00=03T16:00'],
  ['Australia/Lord_Howe', 'vixie skip', '45 1 * * *', '2026-04-04T12 05T12', '05T01:45=04T14:45'],
  ['Australia/Lord_Howe', 'vixie wall', '*/15 1 * * *', '2026-04-04T14:15 04T15:30', '05T01:30=04T14:30 05T01:45=04T14:45 05T01:30*=04T15:00 05T01:45*=04T15:15'],
  ['Australia/Lord_Howe', 'vixie', '0 12 * * *', '2026-04-04T02 06T02', '05T12:00=05T01:30 06T12:00=06T01:30'],
  // Troll moves by two hours.
  ['Antarctica/Troll', 'vixie', '30 1,2 * * *', '2026-03-28T12 29T12', '29T01:30=29T01:00+1'],
  ['Antarctica/Troll', 'wall', '30 1-2 * * *', '2026-10-24T12 25T12', '25T01:30=24T23:30 25T02:30=25T00:30 25T01:30*=25T01:30 25T02:30*=25T02:30'],
  ['Antarctica/Troll', 'vixie', '30 1-2 * * *', '2026-10-24T12 25T12', '25T01:30=24T23:30 25T02:30=25T00:30'],
  // Apia and Kwajalein crossed the date line: a whole day is missing, and nothing is made up.
  ['Pacific/Apia', 'vixie skip wall', '0 9 * * *', '2011-12-29T12 31T12', '29T09:00=29T19:00 31T09:00=30T19:00'],
  ['Pacific/Apia', 'vixie skip wall', '0 0 30 12 *', '2011-12-29T12 31T12', ''],
  ['Pacific/Apia', 'vixie', '0 0 31 12 *', '2011-12-29T12 31T12', '31T00:00=30T10:00'],
  ['Pacific/Kwajalein', 'vixie skip wall', '0 6 * * *', '1993-08-20T12 22T12', '20T06:00=20T18:00 22T06:00=21T18:00'],
  // Chatham changes at 02:45.
  ['Pacific/Chatham', 'vixie', '0 3 * * *', '2026-09-26T11:15 27T11:15', '27T03:00=26T14:00'],
  ['Pacific/Chatham', 'vixie', '30 2 * * *', '2026-09-26T11:15 27T11:15', '27T02:30=26T13:45'],
  ['Pacific/Chatham', 'vixie skip', '0 3 * * *', '2026-04-04T10:15 05T10:15', '05T03:00=04T13:15'],
  ['Pacific/Chatham', 'wall', '0 3 * * *', '2026-04-04T10:15 05T10:15', '05T03:00=04T13:15 05T03:00*=04T14:15'],
  // Havana, Amman, Cairo, Beirut, Sao Paulo change at midnight: @daily is at stake.
  ['America/Havana', 'vixie', '@daily', '2026-03-07T12 08T12', '08T00:00=08T05:00'],
  ['America/Havana', 'skip wall', '@daily', '2026-03-07T12 09T12', '09T00:00=09T04:00'],
  ['America/Havana', 'vixie skip', '@daily', '2026-10-31T12 2026-11-01T12', '01T00:00=01T04:00'],
  ['America/Havana', 'wall', '@daily', '2026-10-31T12 2026-11-01T12', '01T00:00=01T04:00 01T00:00*=01T05:00'],
  ['Asia/Amman', 'vixie', '0 0 * * *', '2021-03-25T12 26T12', '26T00:00=25T22:00'],
  ['Asia/Amman', 'vixie', '30 0 * * *', '2021-10-28T12 29T12', '29T00:30=28T21:30'],
  ['Africa/Cairo', 'vixie', '@daily', '2026-04-23T12 24T12', '24T00:00=23T22:00'],
  ['Africa/Cairo', 'vixie', '30 23 * * *', '2026-10-29T12 30T12', '29T23:30=29T20:30'],
  ['Africa/Cairo', 'wall', '30 23 * * *', '2026-10-29T12 30T12', '29T23:30=29T20:30 29T23:30*=29T21:30'],
  ['Asia/Beirut', 'vixie', '0 0 29 3 *', '2026-03-28T12 29T12', '29T00:00=28T22:00'],
  ['America/Sao_Paulo', 'vixie', '@daily', '2018-11-03T12 04T12', '04T00:00=04T03:00'],
  ['America/Sao_Paulo', 'vixie', '@daily', '2018-02-17T12 18T12', '18T00:00=18T03:00'],
  ['America/Sao_Paulo', 'vixie wall', '*/30 23 * * *', '2018-02-17T12 18T12', '17T23:00=18T01:00 17T23:30=18T01:30 17T23:00*=18T02:00 17T23:30*=18T02:30'],
  // Nuuk's gap is the last hour of the Saturday: its time belongs to the day before.
  ['America/Nuuk', 'vixie', '15 23 * * 6', '2026-03-28T12 29T12', '28T23:15=29T01:00'],
  // Casablanca takes its clock back for Ramadan.
  ['Africa/Casablanca', 'vixie', '30 2 * * *', '2025-02-22T12 23T12', '23T02:30=23T01:30'],
  ['Africa/Casablanca', 'wall', '30 2 * * *', '2025-02-22T12 23T12', '23T02:30=23T01:30 23T02:30*=23T02:30'],
  ['Africa/Casablanca', 'vixie', '30 2 * * *', '2025-04-05T12 06T12', '06T02:30=06T02:00'],
  // St John's changed a minute after midnight until 2011: the overlap crosses midnight.
  ['America/St_Johns', 'vixie', '0 0 * * *', '2010-03-13T12 14T12', '14T00:00=14T03:30'],
  ['America/St_Johns', 'vixie', '30 0 * * *', '2010-03-13T12 14T12', '14T00:30=14T03:31'],
  ['America/St_Johns', 'vixie', '0 0 * * *', '2010-11-06T12 07T12', '07T00:00=07T02:30'],
  ['America/St_Johns', 'wall', '0 0 * * *', '2010-11-06T12 07T12', '07T00:00=07T02:30 07T00:00*=07T03:30'],
  ['America/St_Johns', 'vixie', '30 2 * * *', '2026-03-08T00 09T00', '08T02:30=08T05:30'],
  // Changes of the standard time itself.
  ['Asia/Kathmandu', 'vixie', '0,10 0 * * *', '1985-12-31T12 1986-01-01T12', '01T00:00=31T18:30+1'],
  ['Asia/Pyongyang', 'vixie', '45 23 * * *', '2018-05-04T12 05T12', '04T23:45=04T15:00'],
  ['Asia/Pyongyang', 'vixie', '45 23 * * *', '2015-08-14T12 15T12', '14T23:45=14T14:45'],
  ['America/Caracas', 'vixie', '45 2 * * *', '2016-05-01T00 02T00', '01T02:45=01T07:00'],
  ['America/Caracas', 'vixie wall', '*/20 2 * * *', '2007-12-09T05 09T08', '09T02:00=09T06:00 09T02:20=09T06:20 09T02:40=09T06:40 09T02:40*=09T07:10'],
  ['Europe/Istanbul', 'vixie', '30 3 * * *', '2016-03-26T12 27T12', '27T03:30=27T01:00'],
  // Casey jumps by three hours: the longest gap that is still made up.
  ['Antarctica/Casey', 'vixie', '0 1-3 * * *', '2020-10-03T12 04T03', '04T01:00=03T16:01+2'],
  ['Antarctica/Casey', 'vixie', '30 2 * * *', '2018-03-10T12 11T12', '11T02:30=10T15:30'],
  ['Pacific/Easter', 'vixie', '30 22 * * *', '2026-09-05T12 06T12', '05T22:30=06T04:00'],
  ['Africa/Monrovia', 'vixie', '30 0 * * *', '1972-01-06T12 07T12', '07T00:30=07T00:44:30'],
  // Seconds: a wildcard second makes the expression follow the real minutes.
  ['America/New_York', 'vixie', '*/30 30 2 * * *', '2026-03-08T05 09T04', ''],
  ['America/New_York', 'vixie', '15,45 30 2 * * *', '2026-03-08T05 09T04', '08T02:30:15=08T07:00+1'],
];

/** `2026-03-08T05` and, relative to it, `09T04`. */
function windowOf(text: string): [number, number] {
  const [from, to] = text.split(' ');
  const until = to.length > 8 ? to : from.slice(0, 8) + to;
  return [instant(from), instant(until)];
}

const instant = (text: string): number =>
  Date.parse(text.length === 13 ? `${text}:00Z` : `${text}Z`);

const brief = (text: string): string => text.slice(8).replace(/^(\d\dT\d\d:\d\d):00$/, '$1');

function shown(row: Row, dst: DstPolicy): string {
  const [zone, , expression, window] = row;
  const [fromMs, toMs] = windowOf(window);
  const { slots } = slotsBetween({ kind: 'cron', expression, zone, dst }, fromMs, toMs, 50);
  return slots
    .map(({ local, pass, dueAtMs, missed }) => {
      const due = brief(new Date(dueAtMs).toISOString().slice(0, 19));
      return `${brief(local)}${pass ? '*' : ''}=${due}${missed ? `+${missed}` : ''}`;
    })
    .join(' ');
}

for (const row of table)
  for (const dst of row[1].split(' ') as DstPolicy[])
    test(`${row[0]}, ${dst}: ${row[2]} in ${row[3]}`, () => {
      expect(shown(row, dst)).toBe(row[4]);
    });

test('the table speaks of more than fifteen zones, all of them known', () => {
  const zones = new Set(table.map(([zone]) => zone));
  expect(zones.size).toBeGreaterThan(15);
  expect([...zones].filter((zone) => !isKnownZone(zone))).toEqual([]);
});
