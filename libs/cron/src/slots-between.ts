import { MAX_SLOTS } from './limits.js';
import { nextSlot } from './next-slot.js';
import { type Slot, type Timing } from './timing.js';

/**
 * The slots in (fromMs, toMs], soonest first, at most `limit`. `truncated` says that there are more:
 * go on from the last one's `dueAtMs`.
 */
export function slotsBetween(
  timing: Timing,
  fromMs: number,
  toMs: number,
  limit: number,
): { slots: Slot[]; truncated: boolean } {
  const most = Math.max(0, Math.min(Math.floor(limit), MAX_SLOTS));
  const slots: Slot[] = [];
  let after = fromMs;
  for (;;) {
    const slot = nextSlot(timing, after);
    if (!slot || slot.dueAtMs > toMs) return { slots, truncated: false };
    if (slots.length >= most) return { slots, truncated: true };
    slots.push(slot);
    after = slot.dueAtMs;
  }
}
