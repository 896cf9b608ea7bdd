/** Every task of a definition, once, with what the tasks around it have named. */
import { entryOf, type Task, type TaskList, type Workflow } from './definition.js';
import { pointer } from './json.js';

export interface Visit {
  readonly name: string;
  readonly task: Task;
  readonly at: string;
  readonly depth: number;
  /** Names of the tasks it may go to; a branch of a `fork` has none. */
  readonly siblings: readonly string[];
  /** Variables of loops and catches around it. */
  readonly variables: readonly string[];
}

interface Around {
  readonly at: string;
  readonly depth: number;
  readonly variables: readonly string[];
  readonly isFork?: boolean;
}

export function visitsOf(workflow: Workflow): Iterable<Visit> {
  return inList(workflow.do, { at: '/do', depth: 1, variables: [] });
}

function* inList(list: TaskList | undefined, around: Around): Iterable<Visit> {
  const names = (list ?? []).map((entry) => entryOf(entry)[0]);
  for (const [index, entry] of (list ?? []).entries()) {
    const [name, task] = entryOf(entry);
    const at = pointer(pointer(around.at, index), name);
    const { depth, variables, isFork = false } = around;
    yield { name, task, at, depth, variables, siblings: isFork ? [] : names };
    yield* inTask(task, { at, depth: depth + 1, variables });
  }
}

function* inTask(task: Task, { at, depth, variables }: Around): Iterable<Visit> {
  if ('for' in task)
    yield* inList(task.do, {
      at: `${at}/do`,
      depth,
      variables: [...variables, ...loopVariables(task.for.each, task.for.at)],
    });
  else if ('do' in task) yield* inList(task.do, { at: `${at}/do`, depth, variables });
  else if ('fork' in task)
    yield* inList(task.fork.branches, {
      at: `${at}/fork/branches`,
      depth,
      variables,
      isFork: true,
    });
  else if ('try' in task) {
    yield* inList(task.try, { at: `${at}/try`, depth, variables });
    const named = [...variables, task.catch.as ?? 'error'];
    yield* inList(task.catch.do, { at: `${at}/catch/do`, depth, variables: named });
  } else if ('listen' in task && task.foreach) {
    const named = [...variables, ...loopVariables(task.foreach.item, task.foreach.at)];
    yield* inList(task.foreach.do, { at: `${at}/foreach/do`, depth, variables: named });
  }
}

export function loopVariables(each = 'item', at = 'index'): readonly string[] {
  return [each, at];
}
