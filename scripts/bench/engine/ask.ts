import { SystemClock } from '#libs/clock';
import { runTask, type Services } from '#libs/rig';

/** Commands that wait for their answer at the same time. */
const IN_FLIGHT = 1_000;

const clock = new SystemClock();

/** What was asked for: the executions by number, and when. */
export interface Asked {
  readonly executionIds: readonly string[];
  readonly askedMs: readonly number[];
  readonly acceptedMs: readonly number[];
}

/** As fast as it can: each command is a request with an answer of its own. */
export async function askAtOnce(services: Services, taskId: string, count: number): Promise<Asked> {
  const asked = blank(count);
  let next = 0;
  const caller = async () => {
    while (next < count) await ask(services, taskId, asked, next++);
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count) }, caller));
  return asked;
}

export async function askSteadily(
  services: Services,
  taskId: string,
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): Promise<Asked> {
  const asked = blank(count);
  const calls: Promise<void>[] = [];
  const begunMs = clock.monotonic();
  for (let index = 0; index < count; index++) {
    const waitMs = begunMs + (index / perSecond) * 1_000 - clock.monotonic();
    if (waitMs > 0) await clock.sleep(waitMs);
    calls.push(ask(services, taskId, asked, index));
  }
  await Promise.all(calls);
  return asked;
}

type Blank = { readonly [field in keyof Asked]: Asked[field][number][] };

async function ask({ nc }: Services, taskId: string, asked: Blank, index: number): Promise<void> {
  asked.askedMs[index] = clock.now();
  asked.executionIds[index] = await runTask(nc, taskId);
  asked.acceptedMs[index] = clock.now();
}

function blank(count: number): Blank {
  return {
    executionIds: new Array(count),
    askedMs: new Array(count),
    acceptedMs: new Array(count),
  };
}
