import { expect, test } from '@jest/globals';
import { partsOf } from './told.js';

const id = '26db3b44-cf4d-5126-92cb-44606d0e229e';

test('a sentence without names or ids stays as it is', () => {
  expect(partsOf('Missed: nobody looked.')).toEqual([
    { kind: 'text', text: 'Missed: nobody looked.' },
  ]);
});

test('a name is cut out of its stars', () => {
  expect(partsOf('calendar *Black Friday* v3')).toEqual([
    { kind: 'text', text: 'calendar ' },
    { kind: 'name', text: 'Black Friday' },
    { kind: 'text', text: ' v3' },
  ]);
});

test('a run is told apart from a schedule, both by the first of their ids', () => {
  expect(partsOf(`Its execution ${id} started.`)).toEqual([
    { kind: 'text', text: 'Its ' },
    { kind: 'run', id, text: 'execution 26db3b44' },
    { kind: 'text', text: ' started.' },
  ]);
  expect(partsOf(`The execution of that ${id} ended.`)[1]).toEqual({
    kind: 'run',
    id,
    text: 'execution of that 26db3b44',
  });
  expect(partsOf(`schedule ${id} rings`)[0]).toEqual({
    kind: 'schedule',
    id,
    text: 'schedule 26db3b44',
  });
});

test('an id that nothing names is left alone', () => {
  expect(partsOf(`the slot ${id}`)).toEqual([{ kind: 'text', text: `the slot ${id}` }]);
});
