import { expect, test } from '@jest/globals';
import { type Command, idIn, matching } from './palette-commands.js';

const command = (group: Command['group'], label: string): Command => ({
  id: label,
  group,
  label,
  run: () => undefined,
});

const commands = [
  command('places', 'Overview'),
  command('places', 'Go to Runs'),
  command('here', 'Run now'),
  command('here', 'Pause the run'),
];

const labels = (text: string): string[] => matching(commands, text).map(({ label }) => label);

test('every word of the text begins a word of the label', () => {
  expect(labels('ru no')).toEqual(['Run now']);
  expect(labels('un')).toEqual([]);
  expect(labels('')).toHaveLength(4);
});

test('within a group what begins with the text comes first; groups stay together', () => {
  expect(labels('RUN')).toEqual(['Go to Runs', 'Run now', 'Pause the run']);
});

test('a pasted id is known as one', () => {
  expect(idIn(' 0190A1B2-0000-7000-8000-00000000000A ')).toBe(
    '0190a1b2-0000-7000-8000-00000000000a',
  );
  expect(idIn('0190a1b2')).toBeUndefined();
});
