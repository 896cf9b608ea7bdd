import { SystemClock } from '#libs/clock';
import { fromBinary, subjects, worker as w } from '#libs/contracts';
import type { Services } from '#libs/rig';

export interface HeartbeatWatch {
  /** The longest silence of each worker between two beats, as it was heard. */
  stop(): { readonly beats: number; readonly largestGapMs: number };
}

/** Listens as a dispatcher does. */
export function watchHeartbeats({ nc }: Services): HeartbeatWatch {
  const clock = new SystemClock();
  const lastAtMs = new Map<string, number>();
  let largestGapMs = 0;
  let beats = 0;
  const subscription = nc.subscribe(subjects.heartbeat, {
    callback: (error, { data }) => {
      if (error) return;
      const { workerId } = fromBinary(w.HeartbeatSchema, data);
      const nowMs = clock.monotonic();
      largestGapMs = Math.max(largestGapMs, nowMs - (lastAtMs.get(workerId) ?? nowMs));
      lastAtMs.set(workerId, nowMs);
      beats += 1;
    },
  });
  return {
    stop: () => {
      subscription.unsubscribe();
      return { beats, largestGapMs };
    },
  };
}
