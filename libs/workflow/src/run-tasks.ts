/** How one task is entered and left, and how a list of tasks goes on from one to the next. */
import { exportContext } from './data-flow.js';
import { entryOf, type Task, type TaskList } from './definition.js';
import { Fault, fault } from './fault.js';
import { type Frame, inside, type Result, type Within } from './frame.js';
import { type Json, type JsonObject, pointer } from './json.js';
import { instant, type Machine, type Place } from './machine.js';
import { Ending, firstOf, type Routine, sleep, stay } from './routine.js';
import { checkSchema } from './schemas.js';
import type { StepId } from './step-id.js';
import { callHttp } from './tasks/call-http.js';
import { forEach, fork, inSequence } from './tasks/compose.js';
import { listen } from './tasks/listen.js';
import { run } from './tasks/run.js';
import { choose, emit, raise, set, wait } from './tasks/simple.js';
import { tryAndCatch } from './tasks/try.js';
import { timeoutOf } from './timing.js';

export function withinOf(machine: Machine): Within {
  const within: Within = {
    list: (tasks, place, input) => runList({ machine, within }, tasks, place, input),
    *one(name, task, place, input) {
      const { output, goTo } = yield* runTask({ machine, within }, { name, task }, place, input);
      if (goTo === 'end') throw new Ending(output);
      return output;
    },
  };
  return within;
}

interface Surroundings {
  readonly machine: Machine;
  readonly within: Within;
}

function* runList(around: Surroundings, tasks: TaskList, at: Place, input: Json): Routine<Json> {
  const isVisitCounted = canJumpBack(tasks);
  const visits = new Map<number, number>();
  let data = input;
  for (let index = 0; index < tasks.length; ) {
    const [name, task] = entryOf(tasks[index] as Readonly<Record<string, Task>>);
    const visit = visits.get(index) ?? 0;
    visits.set(index, visit + 1);
    const place = inside(at, {
      path: pointer(`/${index}`, name),
      ...(isVisitCounted ? { iteration: visit } : {}),
    });
    const { output, goTo } = yield* runTask(around, { name, task }, place, data);
    data = output;
    if (goTo === 'end') throw new Ending(data);
    if (goTo === 'exit') return data;
    index = goTo === 'continue' ? index + 1 : indexOf(tasks, goTo);
  }
  return data;
}

function indexOf(tasks: TaskList, name: string): number {
  const index = tasks.findIndex((entry) => entryOf(entry)[0] === name);
  if (index < 0) throw new Error('A validated definition goes only to tasks of the same list.');
  return index;
}

const jumping = new WeakMap<TaskList, boolean>();

/** Whether a task of the list may be visited twice: then, and only then, visits are numbered. */
function canJumpBack(tasks: TaskList): boolean {
  let answer = jumping.get(tasks);
  if (answer === undefined) {
    const names = tasks.map((entry) => entryOf(entry)[0]);
    answer = tasks.some((entry, index) =>
      targetsOf(entryOf(entry)[1]).some((name) => names.slice(0, index + 1).includes(name)),
    );
    jumping.set(tasks, answer);
  }
  return answer;
}

/** Where a task may send the run, `then` and the cases of a `switch` alike. */
function targetsOf(task: Task): readonly string[] {
  const cases = 'switch' in task ? task.switch.map((entry) => entryOf(entry)[1].then) : [];
  return [...(task.then === undefined ? [] : [task.then]), ...cases];
}

type Left = { readonly output: Json; readonly goTo: string };

function* runTask(
  around: Surroundings,
  named: { readonly name: string; readonly task: Task },
  place: Place,
  raw: Json,
): Routine<Left> {
  if (around.machine.isHeldAt(place)) yield* stay();
  try {
    return yield* enterTask(around, named, place, raw);
  } catch (error) {
    if (error instanceof Fault) error.step ??= { path: place.path, iteration: place.iteration };
    throw error;
  }
}

function* enterTask(
  { machine, within }: Surroundings,
  { name, task }: { readonly name: string; readonly task: Task },
  place: Place,
  raw: Json,
): Routine<Left> {
  machine.enter(place.path);
  const descriptor: JsonObject = {
    name,
    reference: place.path,
    definition: task as unknown as JsonObject,
    input: raw,
    startedAt: instant(machine.kernel.nowMs),
  };
  const before = { place, task: descriptor };
  // A task that is not run sends the run nowhere either: what comes next is the next.
  if (task.if !== undefined && !machine.holds(task.if, raw, before))
    return { output: raw, goTo: 'continue' };
  checkSchema(task.input?.schema, raw, { instance: place.path, what: 'input' });
  const input = machine.transform(task.input?.from, raw, before);
  const sight = { ...before, input };
  const timeoutMs = timeoutOf(machine, task.timeout, input, sight);
  const frame: Frame = { machine, place, input, sight, timeoutMs, within };
  const result =
    timeoutMs === undefined || isSingleStep(task)
      ? yield* perform(frame, task)
      : yield* withinTime(machine, place, timeoutMs, perform(frame, task));
  const after = { ...sight, task: { ...descriptor, output: result.output } };
  const output = machine.transform(task.output?.as, result.output, after);
  checkSchema(task.output?.schema, output, { instance: place.path, what: 'output' });
  exportContext(machine, task.export, output, after);
  return { output, goTo: result.goTo ?? task.then ?? 'continue' };
}

/** Its time counts from when it was handed to whoever runs it, and not while nobody was there. */
function isSingleStep(task: Task): boolean {
  return 'call' in task || 'run' in task || 'emit' in task;
}

function* perform(frame: Frame, task: Task): Routine<Result> {
  if ('call' in task) return yield* callHttp(frame, task);
  if ('run' in task) return yield* run(frame, task);
  if ('set' in task) return set(frame, task);
  if ('switch' in task) return choose(frame, task);
  if ('for' in task) return yield* forEach(frame, task);
  if ('fork' in task) return yield* fork(frame, task);
  if ('try' in task) return yield* tryAndCatch(frame, task);
  if ('listen' in task) return yield* listen(frame, task);
  if ('wait' in task) return yield* wait(frame, task);
  if ('emit' in task) return yield* emit(frame, task);
  if ('raise' in task) return raise(frame, task);
  return yield* inSequence(frame, task);
}

export function* withinTime<Value>(
  machine: Machine,
  step: StepId,
  timeoutMs: number,
  routine: Routine<Value>,
): Routine<Value> {
  const dueAtMs = machine.kernel.nowMs + timeoutMs;
  const { value } = yield* firstOf('first-settled', [routine, deadline(step, dueAtMs)]);
  return value;
}

function* deadline(step: StepId, dueAtMs: number): Routine<never> {
  yield* sleep({ step, purpose: 'timeout', dueAtMs });
  throw fault('timeout', step.path, { title: 'It took too long' });
}
