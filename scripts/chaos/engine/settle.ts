/** The end of a trial: until everything has ended, and nothing of it runs any more. */
import { SystemClock } from '#libs/clock';
import { decodeCommit } from '#libs/contracts';
import { markedProcesses, type Services } from '#libs/rig';
import { eventually } from '#libs/testing';

const ENDED_WITHIN_MS = 240_000;
const LOOK_MS = 1_000;
/** A journal that has taken in all that there was does not grow any more. */
const STILL_LOOKS = 3;
const GONE_WITHIN_MS = 15_000;

const clock = new SystemClock();

export async function untilAllEnded(
  services: Services,
  accepted: ReadonlySet<string>,
): Promise<void> {
  const left = new Set(accepted);
  let fromSeq = 1;
  const untilMs = clock.monotonic() + ENDED_WITHIN_MS;
  while (left.size > 0) {
    for await (const { seq, bytes } of services.log.read({ stream: 'DISPATCH', fromSeq })) {
      fromSeq = seq + 1;
      for (const { event } of decodeCommit(bytes).events)
        if (
          event.$typeName === 'dispatch.v1.ExecutionFinished' ||
          event.$typeName === 'dispatch.v1.ExecutionSkipped'
        )
          left.delete(event.executionId);
    }
    // Who judges names those that never ended.
    if (clock.monotonic() > untilMs) return;
    await clock.sleep(LOOK_MS);
  }
}

/** Ends workers in order, lets the journal take in their last words, and gives what is left of them. */
export async function settled(services: Services): Promise<string[]> {
  const workers = services.of('execution');
  await Promise.all(workers.map((worker) => worker.terminate()));
  for (let still = 0, last = -1; still < STILL_LOOKS; ) {
    const seq = await services.log.lastSeq('DISPATCH');
    still = seq === last ? still + 1 : 0;
    last = seq;
    await clock.sleep(LOOK_MS);
  }
  await Promise.all(services.running.map((service) => service.terminate()));
  return eventually(
    () => {
      const left = markedProcesses(services.dataDir);
      if (left.length > 0) throw new Error(left.join(', '));
      return left;
    },
    { withinMs: GONE_WITHIN_MS },
  ).catch(() => markedProcesses(services.dataDir));
}
