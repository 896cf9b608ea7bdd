import type { Transaction } from 'kysely';
import type { Place, Recorded } from '#libs/consumer';
import { type RunEvent, workflow as w } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import { foldedSource, type Projection, type Touched } from '../projection.js';
import { load, upsert } from '../rows.js';
import { instant, int4, int8, json, jsonOf, key, keyOrNull, name, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import { KeyedRows, keyOf } from './keyed-rows.js';

type StepRow = Row<'run_step'>;

/** Outputs that are longer are in the log only. */
const OUTPUT_BYTES_KEPT = 16 * 1024;

interface RunsFold {
  readonly steps: KeyedRows<StepRow>;
  /** Place of the next fact in a commit. */
  next: { seq: number; place: number };
}

interface StepKey {
  readonly account: string;
  readonly execution_id: string;
  readonly step: string;
}

async function open(tx: Transaction<ReadModel>, commits: readonly Recorded[]): Promise<RunsFold> {
  const keys = new Map<string, StepKey>();
  for (const recorded of commits)
    for (const { event } of recorded.events)
      if ('step' in event) {
        const of = keyOfStep(recorded, event.step);
        keys.set(textOf(of), of);
      }
  const steps = new KeyedRows<StepRow>();
  for (const row of await load(tx, 'run_step', columnsOf('run_step'), [...keys.values()]))
    steps.loaded(textOf(row), row);
  return { steps, next: { seq: 0, place: 0 } };
}

async function save(tx: Transaction<ReadModel>, { steps }: RunsFold): Promise<Touched[]> {
  const rows = [...steps.made, ...steps.changed];
  await upsert(tx, 'run_step', rows);
  const touched = new Map(
    rows.map(({ account, execution_id }) => [
      keyOf(account, execution_id),
      { account, execution_id },
    ]),
  );
  return [...touched.values()].map(({ account, execution_id }) => ({
    readModel: 'execution',
    account,
    key: execution_id,
  }));
}

/** The steps of runs of workflows, each with what became of it. */
export const runsProjection: Projection = {
  name: 'runs',
  version: 1,
  tables: ['run_step'],
  sources: [
    foldedSource({
      stream: 'RUNS',
      aggregates: ['run'],
      open,
      save,
      handles: {
        StepStarted: (fold, event, place) =>
          begin(fold, event, place, (row) => ({
            status: 'running',
            starts: (row?.starts ?? 0) + 1,
            attempt: int4(event.attempt),
            worker_id: keyOrNull(event.workerId),
          })),
        StepFinished: (fold, event, place) => {
          const bytes = Buffer.byteLength(event.outputJson);
          const output = bytes > OUTPUT_BYTES_KEPT ? null : json(event.outputJson, 'null');
          const output_bytes = int4(bytes);
          end(fold, event, place, { status: 'succeeded', output, output_bytes });
        },
        StepFailed: (fold, event, place) =>
          end(fold, event, place, { status: 'failed', error: errorJson(event.error) }),
        WaitStarted: (fold, event, place) => {
          const isRetry = event.purpose === w.TimerPurpose.RETRY;
          const status = isRetry ? 'retrying' : 'waiting';
          begin(fold, event, place, () => ({ status, until_at: instant(event.untilMs) }));
        },
        ListenStarted: (fold, event, place) =>
          begin(fold, event, place, () => ({ status: 'listening' })),
        TimerFired: (fold, event, place) => {
          const isTimeout = event.purpose === w.TimerPurpose.TIMEOUT;
          end(fold, event, place, { status: isTimeout ? 'timed_out' : 'succeeded' });
        },
      },
      ignores: ['RunStarted', 'EventReceived'],
    }),
  ],
};

type StepEvent = Extract<RunEvent, { readonly step?: unknown }>;

function begin(
  fold: RunsFold,
  event: StepEvent,
  place: Place,
  change: (row: StepRow | undefined) => Partial<StepRow>,
): void {
  const of = keyOfStep(place.recorded, event.step);
  const row = fold.steps.get(textOf(of));
  if (row) {
    fold.steps.change(textOf(of), { ...row, ...change(row), ended_at: null });
    return;
  }
  const { seq } = place.recorded;
  if (fold.next.seq !== seq) fold.next = { seq, place: 0 };
  fold.steps.make(textOf(of), {
    ...of,
    path: text(event.step?.path ?? ''),
    status: 'running',
    attempt: 0,
    starts: 0,
    worker_id: null,
    started_at: instant(event.atMs),
    until_at: null,
    ended_at: null,
    output: null,
    output_bytes: 0,
    error: null,
    position: int8(seq),
    place: fold.next.place++,
    ...change(undefined),
  });
}

/** What is told of a step that nobody has begun, or that has ended, changes nothing. */
function end(fold: RunsFold, event: StepEvent, place: Place, change: Partial<StepRow>): void {
  const of = textOf(keyOfStep(place.recorded, event.step));
  const row = fold.steps.get(of);
  if (row === undefined || row.ended_at !== null) return;
  fold.steps.change(of, { ...row, ...change, ended_at: instant(event.atMs) });
}

function keyOfStep({ commit, subject }: Recorded, step: w.Step | undefined): StepKey {
  const { path = '', iteration = [] } = step ?? {};
  const told = iteration.length === 0 ? path : `${path}#${iteration.join('.')}`;
  const execution_id = key(subject.slice(subject.lastIndexOf('.') + 1));
  return { account: key(commit.account), execution_id, step: name(told) };
}

function textOf({ account, execution_id, step }: StepKey): string {
  return keyOf(account, execution_id, step);
}

function errorJson(error: w.WorkflowError | undefined): string {
  const { type = '', status = 0, title = '', detail = '' } = error ?? {};
  return jsonOf({
    type: text(type),
    status: int4(status),
    title: text(title),
    detail: text(detail),
  });
}
