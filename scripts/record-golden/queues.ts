// Histories of pools, limits and accounts, and of a queue under them.
import {
  attempt as a,
  create,
  dispatch as d,
  limit as l,
  type MessageInitShape,
  task as t,
} from '#libs/contracts';
import { accountDecider, limitDecider, poolDecider, taskDecider } from '#libs/domain';
import { draft, MINUTE, NINE, settings } from './definitions.ts';
import { ACCOUNT, ended, Recorder, started } from './recorder.ts';

const SECOND = 1_000;

type Rule = Partial<Omit<MessageInitShape<typeof l.RuleSchema>, '$typeName'>>;

function saveLimit(recorder: Recorder, rule: Rule, atMs: number, mustExist = false): void {
  const whole = create(l.RuleSchema, { name: 'Shop API', ...rule } as never);
  const save = { type: 'save', limitId: 'shop', mustExist, rule: whole } as const;
  recorder.define('limit', 'shop', limitDecider, save, atMs);
}

export function recordPool(): Recorder {
  const recorder = new Recorder();
  const name = 'gpu';
  const will = (command: Parameters<typeof poolDecider.decide>[0], atMs: number) =>
    recorder.define('pool', name, poolDecider, command, atMs);
  const save = {
    type: 'save',
    name,
    description: 'Machines with a GPU',
    maxConcurrent: 4,
    computeRateMicros: 600_000,
  } as const;
  will({ ...save, isNew: true }, NINE);
  will({ type: 'pause', name, reason: 'a new driver' }, NINE + MINUTE);
  will({ ...save, isNew: false, maxConcurrent: 2 }, NINE + 2 * MINUTE);
  will({ type: 'resume', name }, NINE + 3 * MINUTE);
  will({ type: 'delete', name, usedBy: [] }, NINE + 4 * MINUTE);
  return recorder;
}

export function recordLimit(): Recorder {
  const recorder = new Recorder();
  const rate = { count: 10, perMs: MINUTE, excess: l.Excess.WAIT };
  saveLimit(recorder, { keyExpression: 'parameters.customer', maxConcurrent: 2 }, NINE);
  saveLimit(recorder, { description: 'Ten a minute.', rate }, NINE + MINUTE, true);
  const end = { type: 'delete', usedBy: [] } as const;
  recorder.define('limit', 'shop', limitDecider, end, NINE + 2 * MINUTE);
  return recorder;
}

export function recordAccount(): Recorder {
  const recorder = new Recorder();
  const most = { maxConcurrent: 100, maxBrowserSessions: 5, weight: 3 };
  const set = { type: 'set', ...most, currency: 'EUR' } as const;
  recorder.define('account', 'limits', accountDecider, set, NINE);
  const less = { ...set, maxConcurrent: 50 };
  recorder.define('account', 'limits', accountDecider, less, NINE + MINUTE);
  return recorder;
}

/** A key that is shared, one that has no value, a rate that skips, and a pool that is paused meanwhile and costs. */
export function recordQueue(): Recorder {
  const recorder = new Recorder();
  const rule = { keyExpression: 'parameters.customer', maxConcurrent: 1 };
  saveLimit(recorder, rule, NINE - MINUTE);
  const rated = {
    type: 'save',
    name: 'system',
    description: '',
    computeRateMicros: 600_000,
  } as const;
  const save = { ...rated, isNew: false, maxConcurrent: 0 };
  recorder.define('pool', 'system', poolDecider, save, NINE - MINUTE);
  const of = { parametersJson: '{"customer":"acme"}', schedules: [] };
  const make = (id: string, more: Parameters<typeof settings>[0]) => {
    const made = draft({ ...of, name: id, settings: settings({ concurrencyLimit: 0, ...more }) });
    const command = { type: 'create', taskId: id, commandId: `make-${id}`, draft: made } as const;
    recorder.define('task', id, taskDecider, command, NINE - SECOND);
  };
  make('sync', { limitIds: ['shop'] });
  make('report', { limitIds: ['shop'], priority: t.Priority.CRITICAL });
  const run = (id: string, taskId: string, parametersJson = '') =>
    create(d.CommandSchema, {
      id,
      account: ACCOUNT,
      body: { case: 'runTask', value: create(d.RunTaskSchema, { taskId, parametersJson }) },
    });
  const pools = [create(d.PoolCapacitySchema, { pool: 'system', slots: 4 })];
  const workers = [create(d.WorkerCapacitySchema, { workerId: 'w-1', pools })];
  const zeta = '{"customer":"zeta"}';
  recorder.dispatch(NINE, {
    workers,
    commands: [run('r-1', 'sync'), run('r-2', 'sync'), run('r-3', 'sync', zeta)],
  });
  const begin = (atMs: number) => {
    for (const at of recorder.released) recorder.tell(started(at, 'w-1', atMs), atMs);
    recorder.dispatch(atMs + 1);
  };
  const [first] = recorder.released;
  begin(NINE + 10);
  if (first === undefined) throw new Error('nothing runs');
  const end = ended(first, 'w-1', NINE + 500, a.AttemptOutcome.SUCCEEDED);
  const usage = create(a.UsageSchema, { apiCostMicros: 20_000, processStartMs: 120 });
  recorder.tell({ ...end, usage }, NINE + 500);
  recorder.dispatch(NINE + 501);
  const pause = { type: 'pause', name: 'system', reason: 'a look at it' } as const;
  recorder.define('pool', 'system', poolDecider, pause, NINE + SECOND);
  recorder.dispatch(NINE + 2 * SECOND, { commands: [run('r-4', 'report', '{"customer":"new"}')] });
  const resume = { type: 'resume', name: 'system' } as const;
  recorder.define('pool', 'system', poolDecider, resume, NINE + 7 * MINUTE);
  recorder.dispatch(NINE + 7 * MINUTE);
  begin(NINE + 7 * MINUTE + 10);
  const rate = { count: 1, perMs: MINUTE, excess: l.Excess.SKIP };
  saveLimit(recorder, { ...rule, maxConcurrent: 3, rate }, NINE + 8 * MINUTE, true);
  recorder.dispatch(NINE + 8 * MINUTE);
  recorder.dispatch(NINE + 9 * MINUTE, { commands: [run('r-5', 'sync', zeta)] });
  return recorder;
}
