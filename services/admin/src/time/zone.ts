import { usePreference } from '../preferences.js';
import { localZone } from './time.js';

const local = localZone();

/** The zone of every time on the page that is not a schedule's own. */
export function useZone(): string {
  return usePreference('zone') === 'utc' ? 'UTC' : local;
}
