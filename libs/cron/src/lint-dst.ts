/** The days ahead on which clocks change and the change touches a slot of an expression. */
import { formatLocal } from './calendar.js';
import { compileCron, valuesOf } from './compile.js';
import { DST_OUTLOOK_DAYS, LONGEST_FOLDED_GAP_S } from './limits.js';
import { firesInBothPasses, recurrenceOf } from './next-slot.js';
import { type CronTiming, type DstPolicy, type Lint, type RruleTiming } from './timing.js';
import { zoneOf } from './zone.js';

export interface Transition {
  atS: number;
  /** Local times from the lower to the higher do not exist (gap) or exist twice (overlap). */
  lower: number;
  upper: number;
  kind: 'gap' | 'overlap';
}

export function transitionsAhead(zoneName: string, nowMs: number): Transition[] {
  const from = Math.floor(nowMs / 1000);
  const zone = zoneOf(zoneName, from);
  const last = zone.segmentAt(from + DST_OUTLOOK_DAYS * 86_400);
  const ahead: Transition[] = [];
  for (let i = zone.segmentAt(from) + 1; i <= last; i++) {
    const atS = zone.segments.startS[i];
    const before = atS + zone.segments.offsetS[i - 1];
    const after = atS + zone.segments.offsetS[i];
    ahead.push({
      atS,
      lower: Math.min(before, after),
      upper: Math.max(before, after),
      kind: before < after ? 'gap' : 'overlap',
    });
  }
  return ahead;
}

interface Effect {
  code: string;
  severity: Lint['severity'];
  message: string;
  remedy?: string;
}

interface Subject {
  dst: DstPolicy;
  wild: boolean;
  /** Fires in every hour: a lost or doubled hour of the clock changes nothing for it. */
  roundTheClock: boolean;
}

/** One lint for each way in which the changes ahead touch the timing, with their dates. */
export function lintTransitions(timing: CronTiming | RruleTiming, nowMs: number): Lint[] {
  const recurrence = recurrenceOf(timing);
  const subject = { dst: timing.dst, wild: recurrence.wild, roundTheClock: roundTheClock(timing) };
  const found = new Map<string, Lint>();
  for (const transition of transitionsAhead(timing.zone, nowMs)) {
    const first = recurrence.next(transition.lower - 1, transition.upper - 1);
    const effect = first < 0 ? undefined : effectOf(transition, subject);
    if (!effect) continue;
    const [date, time] = formatLocal(first).split('T');
    const lint = found.get(effect.code);
    if (lint) lint.dates?.push(date);
    else {
      const message = `${date}: ${time.slice(0, 5)} ${effect.message}`;
      found.set(effect.code, { ...effect, message, dates: [date] });
    }
  }
  return [...found.values()];
}

function roundTheClock(timing: CronTiming | RruleTiming): boolean {
  if (timing.kind === 'rrule') return recurrenceOf(timing).wild;
  return valuesOf(compileCron(timing.expression).parsed.fields.hour).length === 24;
}

function effectOf(transition: Transition, subject: Subject): Effect | undefined {
  return transition.kind === 'gap' ? effectOfGap(transition, subject) : effectOfOverlap(subject);
}

function effectOfGap(gap: Transition, { dst, wild, roundTheClock }: Subject): Effect | undefined {
  const end = formatLocal(gap.upper).slice(11, 16);
  if (dst === 'vixie' && !wild && gap.upper - gap.lower <= LONGEST_FOLDED_GAP_S)
    return {
      code: 'gap-moves',
      severity: 'info',
      message: `does not exist there; it fires once at ${end}, the end of the gap`,
    };
  if (roundTheClock) return undefined;
  return {
    code: 'gap-skips',
    severity: 'warning',
    message: 'does not exist there; it does not fire',
    remedy: 'choose a time outside the gap, or UTC',
  };
}

function effectOfOverlap({ dst, wild, roundTheClock }: Subject): Effect | undefined {
  const both = firesInBothPasses(dst, wild);
  if (both && roundTheClock) return undefined;
  if (both)
    return {
      code: 'overlap-twice',
      severity: 'warning',
      message: 'comes twice there; it fires both times',
      remedy: 'choose a time outside the overlap, or UTC',
    };
  if (roundTheClock)
    return {
      code: 'overlap-pauses',
      severity: 'warning',
      message: 'and its neighbours come twice there; it fires the first time only, and then pauses',
      remedy:
        dst === 'vixie'
          ? 'write * as the hour, to follow the real hours'
          : 'use the rule vixie, which follows the real minutes',
    };
  return {
    code: 'overlap-once',
    severity: 'info',
    message: 'comes twice there; it fires the first time only',
  };
}
