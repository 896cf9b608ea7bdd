export { Alarm } from './alarm.js';
export type { Clock, ClockStep, Timer } from './clock.js';
export { ManualClock } from './manual-clock.js';
export { Pace, type PaceOptions } from './pace.js';
export { type ClockSources, clockAhead, SystemClock } from './system-clock.js';
export {
  type ClockVerdict,
  WitnessedClock,
  type WitnessedClockOptions,
} from './witnessed-clock.js';
