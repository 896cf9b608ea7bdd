export { checkEngine, type EngineCheck, type EngineReport } from './check-engine.js';
export { checkRuns, type RunCheck, type RunLog, type RunReport } from './check-runs.js';
export { checkSlots, type SlotCheck, type SlotLog, type SlotReport } from './check-slots.js';
export type { Effect } from './engine/check-effects.js';
export type { Finding, FindingCode } from './finding.js';
