/** What there is to be broken, and in what sizes. */

export type Sizes = Readonly<
  Record<string, { readonly full: number; readonly short: number; readonly says: string }>
>;

export interface TrialRun {
  readonly seed: number;
  readonly folder: string;
  readonly dist: string;
  readonly say: (line: string) => void;
}

export interface Trial {
  readonly sizes: Sizes;
  readonly run: (
    sizes: Readonly<Record<string, number>>,
    run: TrialRun,
  ) => Promise<{ readonly figures: readonly string[]; readonly problems: readonly string[] }>;
}

const ticker: Trial = {
  sizes: {
    slots: { full: 30_000, short: 6_000, says: 'until so many slots are decided' },
    kills: { full: 50, short: 8, says: 'kill -9 of the leading ticker' },
    zombies: { full: 10, short: 2, says: 'the leader stands still, and comes back' },
    steps: { full: 20, short: 4, says: 'the clock of a machine is moved (libfaketime)' },
    brokers: { full: 6, short: 2, says: 'kill -9 of the leader of the three brokers' },
    'hand-overs': { full: 10, short: 2, says: 'the leader is told to end' },
    edits: { full: 20, short: 6, says: 'tasks are paused, changed, replaced meanwhile' },
  },
  run: async (sizes, run) => {
    const { runTickerTrial } = await import('./ticker-trial.ts');
    const { figures } = await import('./figures.ts');
    const { slots = 0, kills: kill = 0, zombies: zombie = 0, steps: step = 0 } = sizes;
    const { brokers: broker = 0, 'hand-overs': handOver = 0, edits: edit = 0 } = sizes;
    const faults = { kill, zombie, step, broker, handOver, edit };
    const verdict = await runTickerTrial({ ...run, slots, faults });
    return { figures: figures(verdict), problems: verdict.problems };
  },
};

const engine: Trial = {
  sizes: {
    executions: { full: 2_000, short: 300, says: 'runs that are asked for meanwhile' },
    'worker-kills': { full: 50, short: 8, says: 'kill -9 of one of three workers' },
    'dispatch-kills': { full: 20, short: 3, says: 'kill -9 of one of two dispatchers' },
    'worker-zombies': { full: 14, short: 2, says: 'a worker stands still, and comes back' },
    'dispatch-zombies': { full: 6, short: 1, says: 'a dispatcher stands still, and comes back' },
    brokers: { full: 3, short: 1, says: 'kill -9 of the leader of the three brokers' },
  },
  run: async (sizes, run) => {
    const { runEngineTrial } = await import('./engine/engine-trial.ts');
    const { engineFigures } = await import('./engine/engine-figures.ts');
    const { executions = 0, brokers: broker = 0 } = sizes;
    const { 'worker-kills': workerKill = 0, 'worker-zombies': workerZombie = 0 } = sizes;
    const { 'dispatch-kills': dispatchKill = 0, 'dispatch-zombies': dispatchZombie = 0 } = sizes;
    const faults = { workerKill, dispatchKill, workerZombie, dispatchZombie, broker };
    const verdict = await runEngineTrial({ ...run, executions, faults });
    return { figures: engineFigures(verdict), problems: verdict.problems };
  },
};

export const TRIALS: Readonly<Record<string, Trial>> = { ticker, engine };
