import type { RetryPolicy, TryTask } from '../definition.js';
import { errorJson, Fault, type WorkflowError } from '../fault.js';
import { type Frame, inside, type Result } from '../frame.js';
import { type Json, sameJson } from '../json.js';
import { WORKFLOW_LIMITS } from '../limits.js';
import type { Sight } from '../machine.js';
import { type Routine, sleep } from '../routine.js';
import { stepKey } from '../step-id.js';
import { backoffMs, jitterMs, timeOf } from '../timing.js';

export function* tryAndCatch(frame: Frame, task: TryTask): Routine<Result> {
  const { machine, place, input } = frame;
  const firstAtMs = machine.kernel.nowMs;
  for (let count = 0; ; count++) {
    try {
      const within = inside(place, { path: '/try', iteration: count });
      return { output: yield* frame.within.list(task.try, within, input) };
    } catch (error) {
      if (!(error instanceof Fault) || !error.isCatchable) throw error;
      const caught = caughtSight(frame, task, error.error);
      if (!caught) throw error;
      const retry = nextRetry(frame, task, caught, { count: count + 1, firstAtMs });
      if (retry === undefined) return yield* recover(frame, task, caught, error);
      machine.enter(place.path);
      const step = inside(place, { path: '', iteration: count + 1 });
      if (retry > machine.kernel.nowMs) yield* sleep({ step, purpose: 'retry', dueAtMs: retry });
    }
  }
}

/** What sees the error, when the filters let it be caught. */
function caughtSight(frame: Frame, task: TryTask, error: WorkflowError): Sight | undefined {
  const { machine, input, place } = frame;
  const { errors, as = 'error', when, exceptWhen } = task.catch;
  const json = errorJson(error);
  const sight = {
    ...frame.sight,
    place: { ...place, variables: { ...place.variables, [as]: json } },
  };
  const filter = machine.fill(errors?.with ?? {}, input, sight);
  const isMeant = Object.entries(filter as Record<string, Json>).every(([name, wanted]) =>
    name === 'type'
      ? typeName(wanted) === typeName(error.type)
      : sameJson(wanted, Object.hasOwn(json, name) ? json[name] : undefined),
  );
  if (!isMeant) return undefined;
  if (when !== undefined && !machine.holds(when, input, sight)) return undefined;
  if (exceptWhen !== undefined && machine.holds(exceptWhen, input, sight)) return undefined;
  return sight;
}

/** The standard types were published under three roots, and definitions of each are about. */
const ROOTS =
  /^https:\/\/serverlessworkflow\.io\/(?:spec\/1\.0\.\d+\/errors|(?:dsl\/)?errors\/types)\//;

function typeName(type: Json): Json {
  return typeof type === 'string' ? type.replace(ROOTS, 'standard:') : type;
}

/** When to try again; undefined: no more. */
function nextRetry(
  { machine, place, input }: Frame,
  { catch: { retry } }: TryTask,
  sight: Sight,
  { count, firstAtMs }: { readonly count: number; readonly firstAtMs: number },
): number | undefined {
  const policy: RetryPolicy | undefined =
    typeof retry === 'string' ? machine.workflow.use?.retries?.[retry] : retry;
  if (!policy) return undefined;
  const { when, exceptWhen, delay, limit, jitter } = policy;
  if (count > (limit?.attempt?.count ?? WORKFLOW_LIMITS.retries)) return undefined;
  if (when !== undefined && !machine.holds(when, input, sight)) return undefined;
  if (exceptWhen !== undefined && machine.holds(exceptWhen, input, sight)) return undefined;
  const ms = (duration: RetryPolicy['delay']) =>
    duration === undefined ? 0 : timeOf(machine, duration, input, sight);
  const seed = `${machine.start.executionId} ${stepKey(place)} ${count}`;
  const atMs =
    machine.kernel.nowMs +
    backoffMs(policy, count, ms(delay)) +
    (jitter ? jitterMs(seed, ms(jitter.from), ms(jitter.to)) : 0);
  const isTooLate = limit?.duration !== undefined && atMs > firstAtMs + ms(limit.duration);
  return isTooLate ? undefined : atMs;
}

/** An error that was caught and is not tried again: handled, or, when retries were to mend it, raised. */
function* recover(frame: Frame, task: TryTask, caught: Sight, error: Fault): Routine<Result> {
  const { do: handler, retry } = task.catch;
  if (handler) {
    const place = { ...frame.place, variables: caught.place.variables };
    const within = inside(place, { path: '/catch/do' });
    return { output: yield* frame.within.list(handler, within, frame.input) };
  }
  if (retry !== undefined) throw error;
  return { output: frame.input };
}
