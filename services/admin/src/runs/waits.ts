/** The causes of waiting, in the order in which a run meets them. */
export const waitParts = ['planner', 'retry', 'queue', 'limit', 'workerStart', 'userCode'] as const;
export type WaitPart = (typeof waitParts)[number];

export type WaitFigures = Readonly<Record<`${WaitPart}Ms`, number>>;

/** A part of less than half a millisecond would be shown as none. */
const BARELY_MS = 0.5;

/** The parts that took any time. */
export const partsOf = (waits: WaitFigures): { part: WaitPart; ms: number }[] =>
  waitParts.map((part) => ({ part, ms: waits[`${part}Ms`] })).filter(({ ms }) => ms >= BARELY_MS);
