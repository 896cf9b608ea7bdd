import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { create, type DispatchEvent, dispatch as d } from '#libs/contracts';
import type { ReadModel } from '../tables.js';
import {
  feed,
  feedAgain,
  type ReadModelUnderTest,
  startReadModel,
} from '../testing/read-model-under-test.js';
import { ACCOUNT, ALICE, recorded, SUBJECT_OF, T0 } from '../testing/recorded.js';
import { executionsProjection } from './executions.projection.js';

let model: ReadModelUnderTest;
let db: Kysely<ReadModel>;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

const at = (second: number) => T0 + second * 1_000;
const of = (executionId: string) => ({ executionId, account: ACCOUNT });
const { SUCCESS, FAILED, CANCELLED } = d.ExecutionStatus;

const requested = (id: string, redriveOf = '', redriveId = '') =>
  create(d.ExecutionRequestedSchema, {
    ...of(id),
    spec: { taskId: 'report', taskName: 'Daily report', parametersJson: '{}' },
    requestedAtMs: at(20),
    retryOf: redriveOf,
    redriveOf,
    redriveNote: redriveOf === '' ? '' : 'the shop is back',
    redriveId,
    actor: ALICE,
  });
const died = (id: string, cause = d.DeadLetterCause.EXHAUSTED) =>
  create(d.ExecutionDeadLetteredSchema, {
    ...of(id),
    taskId: 'report',
    cause,
    attempts: 4,
    error: { code: 'BROKEN', message: 'It did not work.' },
    diedAtMs: at(10),
  });
const finished = (id: string, status: d.ExecutionStatus) =>
  create(d.ExecutionFinishedSchema, { ...of(id), taskId: 'report', status, endedAtMs: at(30) });
const discarded = (ids: string[], cause: d.DiscardCause, note = '') =>
  create(d.DeadLettersDiscardedSchema, {
    account: ACCOUNT,
    executionIds: ids,
    cause,
    note,
    discardedAtMs: at(40),
  });

/** Each list of events is one commit. */
async function given(...commits: DispatchEvent[][]): Promise<void> {
  ({ db } = await model.open());
  const told = commits.map((events, index) =>
    recorded({ stream: 'DISPATCH', subject: SUBJECT_OF.dispatch, seq: index + 1, events }),
  );
  for (const commit of told) await feed(db, executionsProjection, [commit]);
  await feedAgain(db, executionsProjection, told);
}

const letters = () => db.selectFrom('dead_letter').selectAll().orderBy('id').execute();
const redrive = () => db.selectFrom('redrive').selectAll().executeTakeFirstOrThrow();

describe('a dead letter', () => {
  test('stands open with its cause, its error and the name of its task', async () => {
    await given([requested('e1')], [died('e1'), finished('e1', FAILED)]);
    expect(await letters()).toEqual([
      {
        account: ACCOUNT,
        id: 'e1',
        task_id: 'report',
        task_name: 'Daily report',
        cause: 'exhausted',
        attempts: 4,
        error_code: 'BROKEN',
        error_message: 'It did not work.',
        died_at: new Date(at(10)),
        status: 'open',
        redriven_by: null,
        redrive_id: null,
        resolved_at: null,
        resolved_by: null,
        note: null,
        position: 2,
      },
    ]);
  });

  test('says who ran it again, and by which execution', async () => {
    await given([requested('e1')], [died('e1')], [requested('e2', 'e1')]);
    expect(await letters()).toMatchObject([
      {
        status: 'redriven',
        redriven_by: 'e2',
        redrive_id: null,
        note: 'the shop is back',
        resolved_at: new Date(at(20)),
        resolved_by: 'alice',
      },
    ]);
  });

  test('says who discarded it and why, and stays so whatever is told later', async () => {
    await given(
      [died('e1'), died('e2')],
      [discarded(['e1'], d.DiscardCause.BY_HAND, 'a bad import'), discarded(['e2'], 2)],
      [requested('e3', 'e1'), died('e1')],
    );
    expect(await letters()).toMatchObject([
      { id: 'e1', status: 'discarded', resolved_by: 'alice', note: 'a bad import' },
      { id: 'e2', status: 'discarded', resolved_by: 'limit', note: null },
    ]);
  });
});

describe('a redrive', () => {
  const start = create(d.RedriveStartedSchema, {
    redriveId: 'r1',
    account: ACCOUNT,
    deadLetterIds: ['e1', 'e2', 'e3', 'e4', 'e5'],
    perMinute: 30,
    note: 'the host is back',
    startedAtMs: at(15),
  });
  const again = (n: number) => requested(`again-${n}`, `e${n}`, 'r1');

  test('counts what it ran, how that ended, and what it passed over', async () => {
    const skipped = { ...of('again-4'), cause: d.SkipCause.START_DEADLINE, skippedAtMs: at(30) };
    await given(
      [start, start],
      [again(1), again(2), again(3), again(4)],
      [create(d.DeadLetterPassedOverSchema, { redriveId: 'r1', account: ACCOUNT })],
      [finished('again-1', SUCCESS), finished('again-2', FAILED)],
      [finished('again-3', CANCELLED), create(d.ExecutionSkippedSchema, skipped)],
      [
        create(d.RedriveFinishedSchema, {
          redriveId: 'r1',
          account: ACCOUNT,
          finishedAtMs: at(31),
        }),
      ],
    );
    expect(await redrive()).toEqual({
      account: ACCOUNT,
      id: 'r1',
      dead_letters: 5,
      per_minute: 30,
      note: 'the host is back',
      author: 'alice',
      status: 'finished',
      requested: 4,
      passed_over: 1,
      succeeded: 1,
      failed: 1,
      cancelled: 2,
      started_at: new Date(at(15)),
      finished_at: new Date(at(31)),
      position: 6,
    });
  });

  test('that was cancelled stays so when the last of its runs has ended', async () => {
    const named = { redriveId: 'r1', account: ACCOUNT };
    await given(
      [start, again(1)],
      [create(d.RedriveCancelledSchema, named)],
      [finished('again-1', SUCCESS)],
      [create(d.RedriveFinishedSchema, { ...named, finishedAtMs: at(31) })],
    );
    expect(await redrive()).toMatchObject({ status: 'cancelled', finished_at: new Date(at(31)) });
  });
});
