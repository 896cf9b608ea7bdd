import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v5 } from 'uuid';
import { nameUuids } from './name-uuid.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

test('is that of RFC 9562', () => {
  expect(nameUuids(DNS)('www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('is that of the uuid package, for every name', () => {
  const uuidOf = nameUuids(DNS);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => uuidOf(name) === v5(name, DNS)),
    { seed: 20261123 },
  );
});
