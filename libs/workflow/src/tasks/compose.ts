/** Tasks that are made of others: `do`, `for`, `fork`. */
import { type DoTask, entryOf, type ForkTask, type ForTask } from '../definition.js';
import { fault } from '../fault.js';
import { type Frame, inside, type Result } from '../frame.js';
import type { Json } from '../json.js';
import { pointer } from '../json.js';
import { everyOne, firstOf, type Routine } from '../routine.js';

export function* inSequence(frame: Frame, task: DoTask): Routine<Result> {
  const place = inside(frame.place, { path: '/do' });
  return { output: yield* frame.within.list(task.do, place, frame.input) };
}

/** What one round gives is what the next one starts with; that of the last is the output. */
export function* forEach(frame: Frame, task: ForTask): Routine<Result> {
  const { machine, input, sight } = frame;
  const items = machine.evaluate(task.for.in, input, sight);
  if (!Array.isArray(items))
    throw fault('expression', frame.place.path, {
      title: 'There is nothing to go through',
      detail: '`for.in` must give a list.',
    });
  const each = task.for.each ?? 'item';
  const at = task.for.at ?? 'index';
  let data = input;
  for (const [index, item] of (items as Json[]).entries()) {
    const place = inside(frame.place, {
      path: '/do',
      iteration: index,
      variables: { [each]: item, [at]: index },
    });
    if (task.while !== undefined && !machine.holds(task.while, data, { ...sight, place })) break;
    machine.enter(place.path);
    data = yield* frame.within.list(task.do, place, data);
  }
  return { output: data };
}

/** The outputs in the order of the branches; of those that compete, only that of the first to end well. */
export function* fork(frame: Frame, task: ForkTask): Routine<Result> {
  const { branches, compete } = task.fork;
  const routines = branches.map((entry, index) => {
    const [name, branch] = entryOf(entry);
    const path = pointer(`/fork/branches/${index}`, name);
    return frame.within.one(name, branch, inside(frame.place, { path }), frame.input);
  });
  if (compete && routines.length > 0)
    return { output: (yield* firstOf('first-done', routines)).value };
  return { output: yield* everyOne(routines) };
}
