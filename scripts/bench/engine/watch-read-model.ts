import { SystemClock } from '#libs/clock';
import { connect } from '#libs/read-model';
import { eventually } from '#libs/testing';

const EVERY_MS = 50;
const REACHED_WITHIN_MS = 120_000;

export interface ReadModelWatch {
  /** When the projection of executions had taken in this commit of DISPATCH; epoch ms. */
  reached(seq: number): Promise<number>;
  stop(): Promise<void>;
}

/** Looks at the position of the projection all the time, with one small query a look. */
export function watchReadModel(databaseUrl: string): ReadModelWatch {
  const clock = new SystemClock();
  const db = connect(databaseUrl, { poolSize: 1, applicationName: 'carillon-bench' });
  const seen: { readonly seq: number; readonly atMs: number }[] = [];
  const ending = new AbortController();
  const looking = (async () => {
    while (!ending.signal.aborted) {
      const row = await db
        .selectFrom('projection_position')
        .select('seq')
        .where('projection', '=', 'executions')
        .where('stream', '=', 'DISPATCH')
        .executeTakeFirst();
      if (row && row.seq !== seen.at(-1)?.seq) seen.push({ seq: row.seq, atMs: clock.now() });
      await clock.sleep(EVERY_MS, ending.signal).catch(() => undefined);
    }
  })();
  return {
    reached: (seq) =>
      eventually(
        () => {
          const found = seen.find((one) => one.seq >= seq);
          if (found) return found.atMs;
          throw new Error(`${seen.at(-1)?.seq} of ${seq}`);
        },
        { withinMs: REACHED_WITHIN_MS },
      ),
    stop: async () => {
      ending.abort();
      await looking;
      await db.destroy();
    },
  };
}
