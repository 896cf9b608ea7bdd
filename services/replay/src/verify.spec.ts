import { describe, expect, test } from '@jest/globals';
import {
  create,
  type DomainEvent,
  dispatch as d,
  encodeCommit,
  envelope,
  maintenance as m,
  SYSTEM_ACCOUNT,
  shardOf,
  subjects,
  task as t,
  tick,
} from '#libs/contracts';
import {
  Definitions,
  DispatchState,
  decideDispatch,
  decideTick,
  EMPTY_JOURNAL,
  encodeDispatchCommit,
  encodeTickCommit,
  headAfter,
  TickPlan,
  takePositions,
} from '#libs/domain';
import { type AppendRequest, MemoryEventLog } from '#libs/event-log';
import { readCommand } from './command-line.js';
import { slotsOf } from './slots.js';
import { trace } from './trace.js';
import { verifyDefinitions } from './verify-definitions.js';
import { verifyDispatch } from './verify-dispatch.js';
import { verifyTicks } from './verify-ticks.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');
const SHARDS = 2;
/** The slot of the last of them falls into a maintenance of the whole system. */
const MINUTES = 4;
const shard = shardOf('default', SHARDS);

/** A log of one task with a slot each minute, a few times ticked and dispatched; each append may be bent. */
async function history(
  bend: (request: AppendRequest) => AppendRequest | undefined = (request) => request,
): Promise<MemoryEventLog> {
  const log = new MemoryEventLog(() => NINE);
  const append = async (request: AppendRequest): Promise<void> => {
    const bent = bend(request);
    if (bent !== undefined) await log.append(bent);
  };
  const made = create(t.TaskCreatedSchema, {
    taskId: 't1',
    name: 'Report',
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: '{}',
    settings: { timeoutMs: 60_000, concurrencyLimit: 9 },
    schedules: [{ id: 's1', revision: 1, cron: '* * * * *', zone: 'UTC', enabled: true }],
    enabled: true,
  });
  await append(definition('c1', 1, made));
  const plan = new TickPlan();
  plan.apply('default', 't1', made, NINE - 1);
  const state = new DispatchState(new Definitions());
  state.definitions.define('default', 't1', made, 1, NINE - 1);
  const held = create(m.MaintenancePlannedSchema, {
    maintenanceId: 'm1',
    fromMs: NINE + (MINUTES - 1) * 60_000,
    aftermath: m.Aftermath.SKIP,
  });
  const subject = subjects.definition(SYSTEM_ACCOUNT, 'maintenance', 'm1');
  await append(definition('c2', 1, held, subject));
  plan.apply(SYSTEM_ACCOUNT, 'm1', held, NINE - 1);
  state.definitions.define(SYSTEM_ACCOUNT, 'm1', held, 2, NINE - 1);
  let tickHead = EMPTY_JOURNAL;
  let dispatchHead = EMPTY_JOURNAL;
  for (let minute = 0; minute < MINUTES; minute++) {
    const horizonMs = NINE + minute * 60_000;
    const decision = decideTick(plan, horizonMs);
    if (decision === undefined) throw new Error('nothing is due');
    const from = plan.watermark;
    const context = { shard, term: 1, from, horizonMs, definitionsSeq: 2, tzdata: '2026c' };
    const ticked = encodeTickCommit(decision, { ...context, head: tickHead });
    await append({ stream: 'TICKS', ...ticked, msgId: ticked.id });
    tickHead = headAfter(minute + 1, ticked.ordinal, ticked.bytes);
    plan.advance(decision.to);
    const inputs = create(d.DispatchInputsSchema, {
      decidedAtMs: horizonMs + 5,
      definitionsSeq: 2,
      ticks: { seq: minute + 1 },
      attempts: {},
      workers: minute > 0 ? [] : [{ workerId: 'w-1', pools: [{ pool: 'system', slots: 5 }] }],
    });
    takePositions(state, inputs);
    const none = { facts: [], commands: [], silences: [], unclaimed: [] };
    const { events } = decideDispatch(state, {
      ...none,
      slots: decision.slots,
      nowMs: inputs.decidedAtMs,
    });
    if (events.length === 0) continue;
    const dispatched = encodeDispatchCommit(events, { shard, term: 1, head: dispatchHead, inputs });
    await append({ stream: 'DISPATCH', ...dispatched, msgId: dispatched.id });
    dispatchHead = headAfter(minute + 1, dispatched.ordinal, dispatched.bytes);
  }
  return log;
}

function definition(
  id: string,
  ordinal: number,
  event: DomainEvent,
  subject = subjects.definition('default', 'task', 't1'),
): AppendRequest {
  const bytes = encodeCommit({
    id,
    aggregate: subject,
    account: 'default',
    actor: create(envelope.ActorSchema),
    occurredAtMs: NINE - 1,
    correlationId: id,
    ordinal,
    events: [{ event }],
  });
  return { stream: 'DEFINITIONS', subject, bytes, msgId: id };
}

async function findings(log: MemoryEventLog) {
  const verdicts = [
    await verifyDefinitions(log),
    await verifyTicks(log, shard, SHARDS),
    await verifyDispatch(log, shard, SHARDS),
  ];
  return verdicts.flatMap(({ finding }) => finding?.where ?? []);
}

/** Of the n-th commit of a stream. */
function nth(
  stream: AppendRequest['stream'],
  n: number,
  change: (bytes: Uint8Array) => Uint8Array | undefined,
) {
  let count = 0;
  return (request: AppendRequest): AppendRequest | undefined => {
    if (request.stream !== stream) return request;
    count += 1;
    if (count !== n) return request;
    const bytes = change(request.bytes.slice());
    return bytes && { ...request, bytes };
  };
}

describe('verify', () => {
  test('finds nothing in a log that is as it was written', async () => {
    expect(await findings(await history())).toEqual([]);
  });

  test('names the tick commit whose outcome was changed, and the one after it is not to blame', async () => {
    const replaced = nth('TICKS', 2, (bytes) => {
      const at = Buffer.from(bytes).indexOf('2026-11-23T09:01:00');
      bytes[at + 15] = '7'.charCodeAt(0);
      return bytes;
    });
    expect(await findings(await history(replaced))).toContain(`TICKS 2 (tick.${shard})`);
  });

  test('names the commit after one that was taken out', async () => {
    const dropped = nth('TICKS', 2, () => undefined);
    expect(await findings(await history(dropped))).toContain(`TICKS 2 (tick.${shard})`);
  });

  test('names the dispatch commit that does not follow from its inputs', async () => {
    const renamed = nth('DISPATCH', 3, (bytes) => {
      const at = Buffer.from(bytes).indexOf('Report');
      bytes.set(Buffer.from('Reverb'), at);
      return bytes;
    });
    expect(await findings(await history(renamed))).toEqual([`DISPATCH 3 (dispatch.${shard})`]);
  });

  test('names a definition that does not follow the one before it', async () => {
    const log = await history();
    await log.append(definition('c9', 3, create(t.TaskPausedSchema)));
    expect(await findings(log)).toEqual(['DEFINITIONS 3 (definition.default.task.t1)']);
  });
});

test('slots of a task are told with what became of them', async () => {
  const log = await history();
  const query = { taskId: 't1', fromMs: NINE, toMs: NINE + 60_000 };
  const found = await slotsOf(log, query);
  expect(found.map(({ slot, fate }) => [slot.local, tick.SlotOutcome[slot.outcome], fate])).toEqual(
    [
      ['2026-11-23T09:00:00', 'FIRED', 'open'],
      ['2026-11-23T09:01:00', 'FIRED', 'open'],
    ],
  );
});

test('a slot in a maintenance of the whole system is told with it', async () => {
  const lastMs = NINE + (MINUTES - 1) * 60_000;
  const [found] = await slotsOf(await history(), { taskId: 't1', fromMs: lastMs, toMs: lastMs });
  expect(found?.slot).toMatchObject({ cause: tick.SlotCause.MAINTENANCE, maintenanceId: 'm1' });
});

test('a run’s story begins with its slot', async () => {
  const log = await history();
  const [first] = await slotsOf(log, { taskId: 't1', fromMs: NINE, toMs: NINE });
  const steps = await trace(log, first?.slot.executionId ?? '');
  const beginning = steps.slice(0, 3).map(({ stream, text }) => `${stream} ${text.split(' ')[0]}`);
  expect(beginning).toEqual(['TICKS slot', 'DISPATCH requested', 'DISPATCH attempt']);
  expect(steps.at(-1)?.text).toMatch(/^\d+ ms since its instant/);
  expect(await trace(log, 'nobody')).toEqual([]);
});

test.each([
  [[]],
  [['trace']],
  [['sing']],
  [['verify', 'x']],
  [['slots', 't', '--from', 'noon']],
  [['--x']],
])('the command line %j is refused', (args) => {
  expect(() => readCommand(args)).toThrow(expect.objectContaining({ code: 'command-invalid' }));
});
