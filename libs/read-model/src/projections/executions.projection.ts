import type { Transaction } from 'kysely';
import type { Recorded } from '#libs/consumer';
import type { DispatchEvent } from '#libs/contracts';
import { columnsOf } from '../columns.js';
import { foldedSource, type Projection, type Touched } from '../projection.js';
import { insertNew, load, update } from '../rows.js';
import { key } from '../storable.js';
import type { ReadModel } from '../tables.js';
import {
  ATTEMPT_MOVING,
  type AttemptKey,
  type AttemptRow,
  acceptedAttempt,
  attemptKey,
  attemptKeyText,
  closedAttempt,
  lostAttempt,
  releasedAttempt,
} from './attempt-rows.js';
import { type BackfillKey, BackfillRows, backfillKey } from './backfill-rows.js';
import { type DeadLetterKey, DeadLetterRows, deadLetterKeys } from './dead-letter-rows.js';
import {
  accepted,
  cancelRequested,
  closed,
  type ExecutionRow,
  finished,
  isEnded,
  lost,
  MOVING,
  type Progress,
  queued,
  released,
  requestedRow,
  retryPlanned,
  STANDING,
  skipped,
  skippedRow,
  snoozed,
} from './execution-rows.js';
import { KeyedRows, keyOf } from './keyed-rows.js';
import { type RedriveKey, RedriveRows, redriveKey } from './redrive-rows.js';
import { RunCounts } from './run-counts.js';
import { countedOn, withWaits } from './wait-rows.js';

type Tx = Transaction<ReadModel>;
type ExecutionEvent = Extract<DispatchEvent, { readonly executionId: string }>;

interface ExecutionsFold {
  readonly executions: KeyedRows<Progress>;
  readonly attempts: KeyedRows<AttemptRow>;
  readonly counts: RunCounts;
  readonly backfills: BackfillRows;
  readonly deadLetters: DeadLetterRows;
  readonly redrives: RedriveRows;
}

async function open(tx: Tx, commits: readonly Recorded[]): Promise<ExecutionsFold> {
  const executionKeys = new Map<string, { account: string; id: string }>();
  const attemptKeys = new Map<string, AttemptKey>();
  const tasks = new Map<string, { account: string; task_id: string }>();
  const task = (account: string, task_id: string) =>
    tasks.set(keyOf(account, task_id), { account, task_id });
  const backfillKeys = new Map<string, BackfillKey>();
  const backfill = (of: BackfillKey) => backfillKeys.set(keyOf(of.account, of.id), of);
  const redriveKeys = new Map<string, RedriveKey>();
  const redrive = (of: RedriveKey) => redriveKeys.set(keyOf(of.account, of.id), of);
  const letterKeys = new Map<string, DeadLetterKey>();
  for (const event of dispatchEvents(commits)) {
    for (const of of deadLetterKeys(event)) letterKeys.set(keyOf(of.account, of.id), of);
    if ('redriveId' in event && event.redriveId !== '') redrive(redriveKey(event));
    if ('backfillId' in event && event.backfillId !== '') backfill(backfillKey(event));
    if (!('executionId' in event)) continue;
    const of = { account: key(event.account), id: key(event.executionId) };
    executionKeys.set(executionKey(event), of);
    if ('fence' in event) {
      const attempt = attemptKey(event);
      attemptKeys.set(attemptKeyText(attempt), attempt);
    }
    if (event.$typeName === 'dispatch.v1.ExecutionRequested')
      task(of.account, key(event.spec?.taskId ?? ''));
  }
  const fold: ExecutionsFold = {
    executions: new KeyedRows(),
    attempts: new KeyedRows(),
    counts: new RunCounts(),
    backfills: new BackfillRows(),
    deadLetters: new DeadLetterRows(),
    redrives: new RedriveRows(),
  };
  const columns = [...STANDING, ...MOVING] as const;
  for (const row of await load(tx, 'execution', columns, [...executionKeys.values()])) {
    fold.executions.loaded(keyOf(row.account, row.id), row);
    task(row.account, row.task_id);
    if (row.backfill_id !== null) backfill({ account: row.account, id: row.backfill_id });
    if (row.redrive_id !== null) redrive({ account: row.account, id: row.redrive_id });
  }
  for (const row of await load(tx, 'attempt', columnsOf('attempt'), [...attemptKeys.values()]))
    fold.attempts.loaded(attemptKeyText(row), row);
  await fold.counts.open(tx, [...tasks.values()]);
  await fold.backfills.open(tx, [...backfillKeys.values()]);
  await fold.deadLetters.open(tx, [...letterKeys.values()]);
  await fold.redrives.open(tx, [...redriveKeys.values()]);
  return fold;
}

function* dispatchEvents(commits: readonly Recorded[]): Iterable<DispatchEvent> {
  for (const { events } of commits)
    for (const { event } of events)
      if (event.$typeName.startsWith('dispatch.')) yield event as DispatchEvent;
}

async function save(tx: Tx, fold: ExecutionsFold): Promise<Touched[]> {
  const { executions, attempts, counts, backfills, deadLetters, redrives } = fold;
  // Made rows are whole: only those that were loaded lack what never moves.
  const { made, changed } = executions;
  await insertNew(tx, 'execution', made as ExecutionRow[]);
  await update(tx, 'execution', MOVING, changed);
  await insertNew(tx, 'attempt', attempts.made);
  await update(tx, 'attempt', ATTEMPT_MOVING, attempts.changed);
  await counts.save(tx);
  const touched = [
    ...(await backfills.save(tx)),
    ...(await deadLetters.save(tx)),
    ...(await redrives.save(tx)),
  ];
  return [
    ...[...made, ...changed].map(
      ({ account, id }) => ({ readModel: 'execution', account, key: id }) as const,
    ),
    ...counts.tasks.map(
      ({ account, task_id }) => ({ readModel: 'task', account, key: task_id }) as const,
    ),
    ...touched,
  ];
}

/** Executions with their attempts, and what is counted of them: a fold of the dispatch journals. */
export const executionsProjection: Projection = {
  name: 'executions',
  version: 7,
  tables: [
    'execution',
    'backfill',
    'dead_letter',
    'redrive',
    'attempt',
    'task_stats',
    'execution_hour',
  ],
  sources: [
    foldedSource({
      stream: 'DISPATCH',
      aggregates: ['dispatch'],
      open,
      save,
      handles: {
        ExecutionRequested: (fold, event, place) => {
          const of = executionKey(event);
          if (fold.executions.get(of)) return;
          const row = requestedRow(event, place.recorded);
          fold.executions.make(of, row);
          fold.backfills.requested(row, place);
          fold.redrives.requested(row, place);
          if (event.redriveOf !== '') fold.deadLetters.redriven(event, place);
        },
        ExecutionSkipped: (fold, event, place) => {
          const of = executionKey(event);
          if (!fold.executions.get(of)) {
            fold.executions.make(of, skippedRow(event, place.recorded));
            return;
          }
          const row = progress(fold, event, place.recorded, (row) => skipped(row, event));
          if (row === undefined) return;
          fold.backfills.ended(row, place);
          fold.redrives.ended(row, place);
        },
        AttemptReleased: (fold, event, { recorded }) => {
          const of = attemptKeyText(attemptKey(event));
          if (!fold.attempts.get(of)) fold.attempts.make(of, releasedAttempt(event));
          progress(fold, event, recorded, (row) => released(row, event));
        },
        AttemptAccepted: (fold, event, { recorded }) => {
          changeAttempt(fold, attemptKey(event), (row) => acceptedAttempt(row, event));
          const before = fold.executions.get(executionKey(event));
          const row = progress(fold, event, recorded, (row) => accepted(row, event));
          if (row && before?.started_at === null) fold.counts.started(row);
        },
        AttemptClosed: (fold, event, { recorded }) => {
          changeAttempt(fold, attemptKey(event), (row) => closedAttempt(row, event));
          progress(fold, event, recorded, (row) => closed(row, event));
        },
        AttemptLost: (fold, event, { recorded }) => {
          changeAttempt(fold, attemptKey(event), (row) => lostAttempt(row, event));
          progress(fold, event, recorded, lost);
        },
        RetryPlanned: (fold, event, { recorded }) => {
          progress(fold, event, recorded, (row) => retryPlanned(row, event));
        },
        ExecutionQueued: (fold, event, { recorded }) => {
          progress(fold, event, recorded, queued);
        },
        ExecutionSnoozed: (fold, event, { recorded }) => {
          progress(fold, event, recorded, (row) => snoozed(row, event));
        },
        CancelRequested: (fold, event, { recorded }) => {
          progress(fold, event, recorded, cancelRequested);
        },
        ExecutionFinished: (fold, event, place) => {
          const row = progress(fold, event, place.recorded, (row) => finished(row, event));
          if (row === undefined) return;
          fold.counts.ended(row);
          fold.backfills.ended(row, place);
          fold.redrives.ended(row, place);
        },
        ExecutionDeadLettered: (fold, event, place) => {
          const name = fold.executions.get(executionKey(event))?.task_name ?? '';
          fold.deadLetters.died(event, name, place);
        },
        DeadLettersDiscarded: ({ deadLetters }, event, place) =>
          deadLetters.discarded(event, place),
        RedriveStarted: ({ redrives }, event, place) => redrives.start(event, place),
        DeadLetterPassedOver: ({ redrives }, event, place) => redrives.passedOver(event, place),
        RedriveCancelled: ({ redrives }, event, place) => redrives.cancel(event, place),
        RedriveFinished: ({ redrives }, event, place) => redrives.finish(event, place),
        BackfillStarted: ({ backfills }, event, place) => backfills.start(event, place),
        BackfillChanged: ({ backfills }, event, place) => backfills.change(event, place),
        BackfillFinished: ({ backfills }, event, place) => backfills.finish(event, place),
      },
      ignores: ['ChildEnded', 'DeadlinePassed', 'ExecutionWoken', 'StaleFactIgnored'],
    }),
  ],
};

function executionKey(event: { readonly account: string; readonly executionId: string }): string {
  return keyOf(key(event.account), key(event.executionId));
}

/** The first end is the end: what is told of an ended or unknown execution changes nothing. */
function progress(
  fold: ExecutionsFold,
  event: ExecutionEvent,
  recorded: Recorded,
  change: (row: Progress) => Progress,
): Progress | undefined {
  const of = executionKey(event);
  const row = fold.executions.get(of);
  if (row === undefined || isEnded(row)) return undefined;
  const waits = countWaits(fold, row, event, recorded);
  const changed = { ...change(row), ...waits, position: recorded.seq };
  fold.executions.change(of, changed);
  return changed;
}

/** What the event adds to the waits, of the run and of the attempt that it tells of. */
function countWaits(
  fold: ExecutionsFold,
  row: Progress,
  event: ExecutionEvent,
  { commit }: Recorded,
) {
  const of = 'fence' in event ? attemptKeyText(attemptKey(event)) : undefined;
  const attempt = of === undefined ? undefined : fold.attempts.get(of);
  const counted = countedOn(row, attempt?.started_at ?? null, event, commit.occurredAtMs);
  const isStart = event.$typeName === 'dispatch.v1.AttemptAccepted';
  if (counted !== undefined && of !== undefined && attempt !== undefined && !isStart)
    fold.attempts.change(of, withWaits(attempt, event, counted.ofAttempt));
  return counted?.columns;
}

function changeAttempt(
  { attempts }: ExecutionsFold,
  of: AttemptKey,
  change: (row: AttemptRow) => AttemptRow,
): void {
  const row = attempts.get(attemptKeyText(of));
  if (row) attempts.change(attemptKeyText(of), change(row));
}
