/** What a builder shows while a schedule is being written: problems, or words, slots and lints. */
import { describeTiming } from './describe.js';
import { MAX_PREVIEW_SLOTS } from './limits.js';
import { type LintBounds, lintTiming } from './lint.js';
import { localTimeAt } from './local-time.js';
import { nextSlot } from './next-slot.js';
import { type Lint, type Problem, type Slot, type Timing } from './timing.js';
import { validateTiming } from './validate.js';

export interface PreviewSlot extends Slot {
  /** Offset from UTC at the slot's instant, in minutes. */
  offset: number;
}

export type Preview =
  | { ok: true; timing: Timing; description: string; next: PreviewSlot[]; lints: Lint[] }
  | { ok: false; problems: Problem[] };

export interface PreviewAsk extends LintBounds {
  nowMs: number;
  count: number;
}

export function previewTiming(given: unknown, ask: PreviewAsk): Preview {
  const result = validateTiming(given);
  if (!result.ok) return result;
  const { timing } = result;
  const until = ask.untilMs ?? Number.POSITIVE_INFINITY;
  const next: PreviewSlot[] = [];
  let after = ask.nowMs;
  while (next.length < Math.min(ask.count, MAX_PREVIEW_SLOTS)) {
    const slot = nextSlot(timing, after);
    if (!slot || slot.dueAtMs > until) break;
    next.push({ ...slot, offset: localTimeAt(timing.zone, slot.dueAtMs).offset });
    after = slot.dueAtMs;
  }
  return {
    ok: true,
    timing,
    description: describeTiming(timing),
    next,
    lints: lintTiming(timing, ask.nowMs, ask),
  };
}
