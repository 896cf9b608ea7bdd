/** The tasks and runs that were looked at last on this machine: where one mostly wants to go back to. */
import type { Crumb } from './page.js';
import { hasTexts, readStored, writeStored } from './stored.js';

export interface Visit {
  path: string;
  label: string;
}

const KEY = 'carillon.recent';
const MAX_KEPT = 8;
const ONE_THING = /^\/(tasks|runs)\/[^/]+$/;

const isVisit = (value: unknown): value is Visit => hasTexts(value, ['path', 'label']);

export const recentVisits = (): readonly Visit[] => readStored(KEY, isVisit);

export function noteVisit(path: string, crumbs: readonly Crumb[]): void {
  if (!ONE_THING.test(path) || path === '/tasks/new' || crumbs.length < 2) return;
  const label = crumbs
    .slice(1)
    .map((crumb) => crumb.label)
    .join(' / ');
  const others = recentVisits().filter((visit) => visit.path !== path);
  writeStored(KEY, [{ path, label }, ...others].slice(0, MAX_KEPT));
}
