import { SystemClock } from '#libs/clock';
import { decodeCommit } from '#libs/contracts';
import { connect } from '#libs/read-model';
import { createTask, noopTask, runTask, type Services } from '#libs/rig';
import { eventually } from '#libs/testing';
import { say } from '../say.ts';

const COMMANDS = 5_000;
/** Commands that wait for their answer at the same time. */
const IN_FLIGHT = 256;
const WARM_UP = 200;
const ALL_WITHIN_MS = 120_000;

/** Commands over NATS, each answered with its execution, until the last of the runs is finished. */
export async function measureThroughput(services: Services, databaseUrl: string): Promise<void> {
  const taskId = await createTask(services.nc, noopTask({ schedules: [] }));
  await runAll(services, taskId, WARM_UP);
  const { startedAt, acceptedMs, finishedMs } = await runAll(services, taskId, COMMANDS);
  const readableMs = (await untilReadable(services, databaseUrl)) - startedAt;
  say(
    `\nRuns       ${COMMANDS} run commands of a noop, ${IN_FLIGHT} of them waiting for an answer`,
  );
  say(`           all accepted after ${seconds(acceptedMs)}: ${rate(acceptedMs)} a second`);
  say(`           all finished after ${seconds(finishedMs)}: ${rate(finishedMs)} a second`);
  say(`           all in the read tables after ${seconds(readableMs)}`);
}

/** Until the projection of executions has taken in all that the journal has now. */
async function untilReadable({ log }: Services, databaseUrl: string): Promise<number> {
  const lastSeq = await log.lastSeq('DISPATCH');
  const db = connect(databaseUrl, { poolSize: 1, applicationName: 'carillon-bench' });
  try {
    await eventually(
      async () => {
        const { seq } = await db
          .selectFrom('projection_position')
          .select('seq')
          .where('projection', '=', 'executions')
          .where('stream', '=', 'DISPATCH')
          .executeTakeFirstOrThrow();
        return seq >= lastSeq;
      },
      { withinMs: ALL_WITHIN_MS },
    );
    return new SystemClock().monotonic();
  } finally {
    await db.destroy();
  }
}

const seconds = (elapsedMs: number) => `${(elapsedMs / 1_000).toFixed(2)} s`;
const rate = (elapsedMs: number) => Math.round(COMMANDS / (elapsedMs / 1_000));

async function runAll(services: Services, taskId: string, count: number) {
  const clock = new SystemClock();
  const wanted = new Set<string>();
  const watch = await watchEnds(services);
  const startedAt = clock.monotonic();
  let left = count;
  const caller = async () => {
    while (left-- > 0) wanted.add(await runTask(services.nc, taskId));
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count) }, caller));
  const acceptedMs = clock.monotonic() - startedAt;
  const lastAt = await watch.all(wanted);
  return { startedAt, acceptedMs, finishedMs: lastAt - startedAt };
}

/** Follows the journal from its present end on. */
async function watchEnds(services: Services) {
  const clock = new SystemClock();
  const ending = new AbortController();
  const ends = new Map<string, number>();
  const range = {
    stream: 'DISPATCH',
    fromSeq: (await services.log.lastSeq('DISPATCH')) + 1,
  } as const;
  const following = (async () => {
    for await (const { bytes } of services.log.follow(range, ending.signal))
      for (const { event } of decodeCommit(bytes).events)
        if (event.$typeName === 'dispatch.v1.ExecutionFinished')
          ends.set(event.executionId, clock.monotonic());
  })();
  return {
    all: async (wanted: ReadonlySet<string>): Promise<number> => {
      try {
        await eventually(() => [...wanted].every((id) => ends.has(id)), {
          withinMs: ALL_WITHIN_MS,
        });
        return Math.max(...[...wanted].map((id) => ends.get(id) ?? 0));
      } finally {
        ending.abort();
        await following;
      }
    },
  };
}
