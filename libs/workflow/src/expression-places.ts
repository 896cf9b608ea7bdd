/** Where the expressions of a definition stand, and which variables each of them knows. */
import type { Consumption, DataFlow, Export, RetryPolicy, Task, Workflow } from './definition.js';
import { bare, enclosed, expressionsIn } from './expression.js';
import { type Json, pointer } from './json.js';
import { loopVariables, type Visit } from './visits.js';

export interface ExpressionPlace {
  readonly at: string;
  readonly expression: string;
  readonly variables: readonly string[];
}

const OF_WORKFLOW = ['workflow', 'runtime'];
const BEFORE_INPUT = ['context', 'task', ...OF_WORKFLOW];
const OF_TASK = ['input', ...BEFORE_INPUT];

/** Within a task, members that hold expressions without brackets are named here; the rest have brackets. */
export function* expressionsOfTask({ task, at, variables }: Visit): Iterable<ExpressionPlace> {
  const knowing = (known: readonly string[], found: Iterable<readonly [string, string]>) =>
    [...found].map(([place, expression]) => ({
      at: place,
      expression,
      variables: [...variables, ...known],
    }));
  yield* knowing(BEFORE_INPUT, condition(task.if, `${at}/if`));
  yield* knowing(BEFORE_INPUT, transformation(task.input?.from, `${at}/input/from`));
  yield* knowing(OF_TASK, transformation(task.output?.as, `${at}/output/as`));
  yield* knowing([...OF_TASK, 'output'], exported(task.export, `${at}/export`));
  yield* knowing(OF_TASK, expressionsIn(timeoutOf(task), `${at}/timeout`));
  yield* knowing(OF_TASK, definitionOf(task, at));
  for (const [names, found] of withNames(task, at)) yield* knowing([...OF_TASK, ...names], found);
}

export function* expressionsOfWorkflow(workflow: Workflow): Iterable<ExpressionPlace> {
  const flow: DataFlow = workflow;
  for (const [at, expression] of transformation(flow.input?.from, '/input/from'))
    yield { at, expression, variables: OF_WORKFLOW };
  for (const [at, expression] of transformation(flow.output?.as, '/output/as'))
    yield { at, expression, variables: ['context', ...OF_WORKFLOW] };
}

type Found = Iterable<readonly [string, string]>;

/** What only the tasks of one kind have, seen by the variables of every task. */
function* definitionOf(task: Task, at: string): Found {
  if ('call' in task) yield* expressionsIn(task.with as unknown as Json, `${at}/with`);
  else if ('run' in task) yield* expressionsIn(task.run as unknown as Json, `${at}/run`);
  else if ('set' in task) yield* transformation(task.set, `${at}/set`);
  else if ('emit' in task) yield* expressionsIn(task.emit.event.with, `${at}/emit/event/with`);
  else if ('raise' in task)
    yield* expressionsIn(task.raise.error as unknown as Json, `${at}/raise/error`);
  else if ('wait' in task) yield* expressionsIn(task.wait as Json, `${at}/wait`);
  else if ('for' in task) yield* condition(task.for.in, `${at}/for/in`);
  else if ('switch' in task)
    for (const [index, entry] of task.switch.entries())
      for (const [name, { when }] of Object.entries(entry))
        yield* condition(when, `${pointer(`${at}/switch/${index}`, name)}/when`);
  else if ('listen' in task) yield* consumption(task.listen.to, `${at}/listen/to`);
  else if ('try' in task) yield* expressionsIn(task.catch.errors?.with, `${at}/catch/errors/with`);
}

/** What sees variables that the task itself names. */
function* withNames(task: Task, at: string): Iterable<readonly [readonly string[], Found]> {
  if ('for' in task)
    yield [loopVariables(task.for.each, task.for.at), condition(task.while, `${at}/while`)];
  if ('listen' in task && task.foreach) {
    const { item, at: index, output, export: kept } = task.foreach;
    const names = loopVariables(item, index);
    yield [names, transformation(output?.as, `${at}/foreach/output/as`)];
    yield [[...names, 'output'], exported(kept, `${at}/foreach/export`)];
  }
  if ('try' in task) {
    const { as = 'error', when, exceptWhen, retry } = task.catch;
    yield [[as], condition(when, `${at}/catch/when`)];
    yield [[as], condition(exceptWhen, `${at}/catch/exceptWhen`)];
    if (typeof retry === 'object') yield [[as], retryConditions(retry, `${at}/catch/retry`)];
  }
}

export function* retryConditions(retry: RetryPolicy, at: string): Found {
  yield* condition(retry.when, `${at}/when`);
  yield* condition(retry.exceptWhen, `${at}/exceptWhen`);
}

function* consumption(to: Consumption, at: string): Found {
  for (const name of ['all', 'any'] as const)
    yield* expressionsIn(to[name] as unknown as Json, `${at}/${name}`);
  yield* expressionsIn(to.one?.with, `${at}/one/with`);
  if (typeof to.until === 'string') yield* condition(to.until, `${at}/until`);
  else if (to.until) yield* consumption(to.until, `${at}/until`);
}

function* exported(definition: Export | undefined, at: string): Found {
  yield* transformation(definition?.as, `${at}/as`);
}

function timeoutOf({ timeout }: Task): Json | undefined {
  return typeof timeout === 'object' ? (timeout as unknown as Json) : undefined;
}

function* condition(text: string | undefined, at: string): Found {
  if (text !== undefined) yield [at, bare(text)];
}

/** A text is an expression there, brackets or not. */
function* transformation(value: Json | undefined, at: string): Found {
  if (typeof value === 'string') yield [at, enclosed(value) ?? value.trim()];
  else yield* expressionsIn(value, at);
}
