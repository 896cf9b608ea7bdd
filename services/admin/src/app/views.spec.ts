import { expect, test } from '@jest/globals';
import { defaultSearchOf, type SavedView, withDefault, withView } from './views.js';

const failed: SavedView = { page: '/runs', name: 'Failed', search: '?status=failed' };
const paused: SavedView = { page: '/tasks', name: 'Paused', search: '?status=paused' };
const slow: SavedView = { page: '/runs', name: 'Slow', search: '?q=slow' };

test('a view of the same name on the same page is replaced', () => {
  const changed = { ...failed, search: '?status=failed,timeout' };
  expect(withView([failed, paused], changed)).toEqual([paused, changed]);
  expect(withView([failed], { ...failed, page: '/tasks' })).toHaveLength(2);
});

test('a page has one default or none, and pages do not share one', () => {
  const one = withDefault([failed, slow, paused], failed);
  expect(defaultSearchOf(one, '/runs')).toBe('?status=failed');
  expect(defaultSearchOf(one, '/tasks')).toBe('');
  const other = withDefault(one, one.find((view) => view.name === 'Slow') as SavedView);
  expect(defaultSearchOf(other, '/runs')).toBe('?q=slow');
  const none = withDefault(other, other.find((view) => view.isDefault) as SavedView);
  expect(defaultSearchOf(none, '/runs')).toBe('');
});
