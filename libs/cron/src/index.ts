/** The door of `libs/cron`: the only place that knows cron, zones and DST. */

export { describeTiming, formatOffset } from './describe.js';
export { parseDuration, writeDuration } from './duration.js';
export {
  type CronForm,
  type DaysForm,
  formatForm,
  type HoursForm,
  type Nth,
  parseForm,
  type TimeForm,
} from './form.js';
export { type LintBounds, lintTiming } from './lint.js';
export { instantsOfLocal, type LocalTime, localTimeAt } from './local-time.js';
export { nextSlot } from './next-slot.js';
export { type Preset, presets } from './presets.js';
export { type Preview, type PreviewAsk, type PreviewSlot, previewTiming } from './preview.js';
export { slotsBetween } from './slots-between.js';
export type {
  AtTiming,
  CronPart,
  CronTiming,
  DstPolicy,
  EveryTiming,
  Lint,
  Problem,
  ProblemField,
  RruleTiming,
  Slot,
  Timing,
} from './timing.js';
export { InvalidTiming } from './timing.js';
export { type Validation, validateTiming } from './validate.js';
export { isKnownZone, offsetAt, tzdataVersion } from './zone.js';
