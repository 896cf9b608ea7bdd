/** What a schema can not say: that names mean something, that expressions are jq, that limits hold. */
import {
  type DataFlow,
  type Duration,
  type Export,
  entryOf,
  type RetryPolicy,
  type Task,
  type Workflow,
} from './definition.js';
import { durationMs } from './duration.js';
import { enclosed, hasEmbedded } from './expression.js';
import {
  type ExpressionPlace,
  expressionsOfTask,
  expressionsOfWorkflow,
  retryConditions,
} from './expression-places.js';
import type { Jq } from './jq.js';
import { type Json, pointer } from './json.js';
import { WORKFLOW_LIMITS } from './limits.js';
import { Problems, type WorkflowProblem } from './problem.js';
import { schemaProblem } from './schemas.js';
import { loopVariables, type Visit, visitsOf } from './visits.js';

const DIRECTIVES = ['continue', 'exit', 'end'];
const RESERVED = [
  'context',
  'input',
  'output',
  'task',
  'workflow',
  'runtime',
  'secrets',
  'authorization',
  'ENV',
];
const VARIABLE = /^(?!__)[A-Za-z_]\w{0,63}$/;

export function definitionProblems(workflow: Workflow, jq?: Jq): readonly WorkflowProblem[] {
  const check = new Check(workflow, jq);
  check.all();
  return check.problems.list;
}

class Check {
  readonly problems = new Problems();
  readonly #workflow: Workflow;
  readonly #jq: Jq | undefined;
  #tasks = 0;
  #expressions = 0;

  constructor(workflow: Workflow, jq: Jq | undefined) {
    this.#workflow = workflow;
    this.#jq = jq;
  }

  all(): void {
    const { use = {}, timeout } = this.#workflow;
    this.#timeout(timeout, '/timeout');
    for (const [name, one] of Object.entries(use.timeouts ?? {}))
      this.#duration(one.after, `/use/timeouts/${name}/after`);
    for (const [name, one] of Object.entries(use.retries ?? {}))
      this.#retry(one, `/use/retries/${name}`);
    this.#schemas(this.#workflow, '');
    for (const place of expressionsOfWorkflow(this.#workflow)) this.#expression(place);
    this.#texts(this.#workflow.do as unknown as Json, '/do');
    for (const visit of visitsOf(this.#workflow)) {
      if (++this.#tasks > WORKFLOW_LIMITS.tasks) {
        this.#limit(visit.at, 'tasks', WORKFLOW_LIMITS.tasks);
        return;
      }
      if (visit.depth > WORKFLOW_LIMITS.nesting) {
        this.#limit(visit.at, 'tasks within each other', WORKFLOW_LIMITS.nesting);
        return;
      }
      this.#task(visit);
    }
  }

  #task(visit: Visit): void {
    const { task, at, name, siblings } = visit;
    if (DIRECTIVES.includes(name) || name.length > WORKFLOW_LIMITS.nameChars)
      this.#wrong(at, `"${name.slice(0, 40)}" can not be the name of a task.`, 'Rename it.');
    if (siblings.indexOf(name) !== siblings.lastIndexOf(name))
      this.#wrong(at, `Two tasks of one list are named "${name}".`, 'Rename one of them.');
    for (const [place, target] of targetPlaces(task, at))
      if (!DIRECTIVES.includes(target) && !siblings.includes(target))
        this.#unknown(place, 'task of this list', target);
    this.#timeout(task.timeout, `${at}/timeout`);
    this.#schemas(task, at);
    this.#schema(task.export, `${at}/export`);
    this.#kind(task, at);
    for (const place of expressionsOfTask(visit)) this.#expression(place);
  }

  #kind(task: Task, at: string): void {
    const { use = {} } = this.#workflow;
    if ('wait' in task) this.#duration(task.wait, `${at}/wait`);
    if ('for' in task) this.#variables(loopVariables(task.for.each, task.for.at), `${at}/for`);
    if ('listen' in task && task.foreach)
      this.#variables(loopVariables(task.foreach.item, task.foreach.at), `${at}/foreach`);
    if ('raise' in task && typeof task.raise.error === 'string')
      this.#reference(use.errors, task.raise.error, `${at}/raise/error`, 'error');
    if ('fork' in task && task.fork.branches.length > WORKFLOW_LIMITS.forkBranches)
      this.#limit(`${at}/fork/branches`, 'branches', WORKFLOW_LIMITS.forkBranches);
    if ('try' in task) {
      const { as = 'error', retry } = task.catch;
      this.#variables([as], `${at}/catch`);
      if (typeof retry === 'string')
        this.#reference(use.retries, retry, `${at}/catch/retry`, 'retry policy');
      else if (retry) this.#retry(retry, `${at}/catch/retry`);
    }
    if ('switch' in task) {
      const open = task.switch.filter((entry) => entryOf(entry)[1].when === undefined);
      if (open.length > 1)
        this.#wrong(`${at}/switch`, 'Only one case may be without a condition.', 'Give it one.');
    }
    if ('call' in task && typeof task.with.endpoint === 'object') {
      const { authentication } = task.with.endpoint;
      if (authentication && 'use' in authentication)
        this.#reference(
          use.authentications,
          authentication.use,
          `${at}/with/endpoint/authentication/use`,
          'authentication',
        );
    }
  }

  #retry(retry: RetryPolicy, at: string): void {
    this.#duration(retry.delay, `${at}/delay`);
    this.#duration(retry.limit?.duration, `${at}/limit/duration`);
    this.#duration(retry.jitter?.from, `${at}/jitter/from`);
    this.#duration(retry.jitter?.to, `${at}/jitter/to`);
    if (!at.startsWith('/use')) return;
    // A policy by name does not know what the error will be called where it is used.
    for (const [place] of retryConditions(retry, at))
      this.problems.refuse(place, 'A condition of a retry policy by name', 'Write it inline.');
  }

  #timeout(timeout: Workflow['timeout'], at: string): void {
    if (typeof timeout === 'string')
      this.#reference(this.#workflow.use?.timeouts, timeout, at, 'time-out');
    else this.#duration(timeout?.after, `${at}/after`);
  }

  #duration(duration: Duration | undefined, at: string): void {
    if (duration === undefined) return;
    if (typeof duration === 'string' && enclosed(duration) !== undefined) return;
    const ms = durationMs(duration);
    if (ms !== undefined && ms >= 0 && ms <= WORKFLOW_LIMITS.durationMs) return;
    this.#wrong(
      at,
      'It is no duration that can be waited for.',
      'Write it as PT30S or P2D, or as { minutes: 5 }; 366 days at most.',
    );
  }

  #schemas({ input, output }: DataFlow, at: string): void {
    this.#schema(input, `${at}/input`);
    this.#schema(output, `${at}/output`);
  }

  #schema(owner: Pick<Export, 'schema'> | undefined, at: string): void {
    const problem = owner?.schema ? schemaProblem(owner.schema) : undefined;
    if (problem === undefined) return;
    const remedy = 'Write it as JSON Schema 2020-12, with no reference to the outside.';
    this.problems.add('schema-invalid', `${at}/schema/document`, problem, remedy);
  }

  #expression({ at, expression, variables }: ExpressionPlace): void {
    if (++this.#expressions === WORKFLOW_LIMITS.expressions + 1)
      this.#limit(at, 'expressions', WORKFLOW_LIMITS.expressions);
    if (this.#expressions > WORKFLOW_LIMITS.expressions) return;
    if (expression.length > WORKFLOW_LIMITS.expressionChars) {
      this.#limit(at, 'characters of an expression', WORKFLOW_LIMITS.expressionChars);
      return;
    }
    const problem = this.#jq?.compile(expression, variables);
    if (problem === undefined) return;
    const known = variables.map((name) => `$${name}`).join(', ');
    this.problems.add('expression-invalid', at, problem, `Correct it; known here: ${known}.`);
  }

  /** A text that only looks as if it were filled in would go out as it stands. */
  #texts(value: Json, at: string): void {
    if (typeof value === 'string' && hasEmbedded(value))
      this.#wrong(
        at,
        'An expression within a text is not filled in.',
        'Make the whole text an expression, with \\( ) for the parts of a jq text.',
      );
    if (typeof value !== 'object' || value === null) return;
    for (const [name, one] of Object.entries(value))
      if (name !== 'code' && name !== 'metadata') this.#texts(one, pointer(at, name));
  }

  #variables(names: readonly string[], at: string): void {
    for (const name of names)
      if (!VARIABLE.test(name) || RESERVED.includes(name))
        this.#wrong(at, `"${name}" can not be the name of a variable.`, 'Choose another.');
  }

  #reference(known: object | undefined, name: string, at: string, what: string): void {
    if (!known || !Object.hasOwn(known, name)) this.#unknown(at, what, name);
  }

  #unknown(at: string, what: string, name: string): void {
    const message = `There is no ${what} named "${name}".`;
    this.problems.add('reference-unknown', at, message, 'Define it, or correct the name.');
  }

  #wrong(at: string, message: string, remedy: string): void {
    this.problems.add('value-invalid', at, message, remedy);
  }

  #limit(at: string, what: string, most: number): void {
    const message = `There are more than ${most} ${what}.`;
    this.problems.add('limit-exceeded', at, message, 'Split the workflow.');
  }
}

function* targetPlaces(task: Task, at: string): Iterable<readonly [string, string]> {
  if (task.then !== undefined) yield [`${at}/then`, task.then];
  if (!('switch' in task)) return;
  for (const [index, entry] of task.switch.entries()) {
    const [name, { then }] = entryOf(entry);
    yield [`${pointer(`${at}/switch/${index}`, name)}/then`, then];
  }
}
