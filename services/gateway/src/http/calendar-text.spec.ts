import { describe, expect, test } from '@jest/globals';
import { icsImportOf } from './calendar-text.js';

const ROUTE = '/api/scheduler/calendars/import/ics';
const TEXT = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n';
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a calendar as it is', () => {
  test('is the import that its query says', () => {
    const query = { name: 'Holidays', zone: 'Europe/Berlin', dryRun: 'true' };
    expect(icsImportOf({ url: `${ROUTE}?name=Holidays`, query }, bytes(TEXT))).toEqual({
      name: 'Holidays',
      zone: 'Europe/Berlin',
      dryRun: true,
      ics: TEXT,
    });
  });

  test('leaves to the schema what it cannot read', () => {
    expect(icsImportOf({ url: ROUTE, query: { dryRun: 'maybe' } }, bytes(TEXT))).toMatchObject({
      dryRun: 'maybe',
    });
  });

  test('is taken nowhere else', () => {
    expect(() => icsImportOf({ url: '/api/scheduler/tasks', query: {} }, bytes(TEXT))).toThrow(
      expect.objectContaining({ code: 'media-type-unsupported' }),
    );
  });

  test('in another encoding, or with a character that no text has, is refused', () => {
    const latin = new Uint8Array([0xe4]);
    for (const body of [latin, bytes('a\u0000')])
      expect(() => icsImportOf({ url: ROUTE, query: {} }, body)).toThrow(
        expect.objectContaining({ kind: 'invalid-request' }),
      );
  });
});
