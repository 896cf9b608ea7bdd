/**
 * The subset of the DSL that Carillon runs, as a table of members. Whatever stands beside it is
 * refused where it stands: a feature of the specification by its name, anything else as unknown. A
 * field that nobody runs must not look as if it were run.
 */
import { isObject, type Json, member, pointer } from './json.js';
import { DSL_VERSIONS } from './limits.js';
import { Problems, type WorkflowProblem } from './problem.js';

interface Members {
  readonly known: readonly string[];
  /** By name: what to do instead. */
  readonly refused?: Readonly<Record<string, string>>;
}

const ofTask = (...own: readonly string[]): Members => ({
  known: ['if', 'input', 'output', 'export', 'timeout', 'then', 'metadata', ...own],
});

const WORKFLOW: Members = {
  known: ['document', 'input', 'use', 'do', 'timeout', 'output', 'evaluate'],
  refused: { schedule: 'Give the schedule to the task that runs the workflow.' },
};
const USE: Members = {
  known: ['authentications', 'errors', 'retries', 'timeouts'],
  refused: {
    catalogs: 'Write the tasks into the workflow.',
    extensions: 'Write the tasks into the workflow.',
    functions: 'Write the task where it is called, or run it as a workflow of its own.',
    secrets: 'Name a secret as {{secrets.name}} in an argument of `call: http` or `run`.',
  },
};
const KINDS: Readonly<Record<string, Members>> = {
  call: ofTask('call', 'with'),
  run: ofTask('run'),
  set: ofTask('set'),
  switch: ofTask('switch'),
  for: ofTask('for', 'while', 'do'),
  fork: ofTask('fork'),
  try: ofTask('try', 'catch'),
  listen: ofTask('listen', 'foreach'),
  wait: ofTask('wait'),
  emit: ofTask('emit'),
  raise: ofTask('raise'),
  do: ofTask('do'),
};
const RUN: Members = {
  known: ['script', 'shell', 'task', 'workflow', 'await', 'return'],
  refused: { container: 'Use `run.script`, `run.shell` or `run.task`.' },
};
const PROCESS = ['stdin', 'arguments', 'environment'];
const SCRIPT: Members = {
  known: ['language', 'code', ...PROCESS],
  refused: { source: 'Write the program into `code`.' },
};
const CONSUMPTION: Members = { known: ['all', 'any', 'one', 'until'] };
const CALLS = 'Use `call: http`, or `run.script` with a client of your own.';
const AUTHENTICATION: Members = {
  known: ['use', 'basic', 'bearer'],
  refused: Object.fromEntries(
    ['digest', 'oauth2', 'oidc', 'certificate'].map((name) => [
      name,
      'Use basic or bearer, or a header.',
    ]),
  ),
};
const CREDENTIALS: Members = {
  known: ['username', 'password', 'token'],
  refused: { use: 'Name the secret as {{secrets.name}} in the value.' },
};

/** Features that are not run, and members that do not exist; the shape of the rest is not looked at. */
export function unsupportedIn(document: Json): readonly WorkflowProblem[] {
  const look = new Look();
  look.workflow(document);
  return look.problems.list;
}

class Look {
  readonly problems = new Problems();

  workflow(document: Json): void {
    this.#members(document, '', WORKFLOW);
    const dsl = member(member(document, 'document'), 'dsl');
    if (typeof dsl === 'string' && !DSL_VERSIONS.test(dsl))
      this.problems.refuse('/document/dsl', `Version ${dsl} of the DSL`, 'Use 1.0.0 to 1.0.3.');
    const evaluate = member(document, 'evaluate');
    this.#value(evaluate, '/evaluate', 'language', ['jq'], 'Write the expressions in jq.');
    this.#value(
      evaluate,
      '/evaluate',
      'mode',
      ['strict'],
      'Enclose expressions in brackets, as the strict mode wants it.',
    );
    const use = member(document, 'use');
    this.#members(use, '/use', USE);
    for (const [at, one] of this.#entries(member(use, 'authentications'), '/use/authentications'))
      this.#authentication(one, at);
    for (const [at, one] of this.#entries(member(use, 'retries'), '/use/retries'))
      this.#retry(one, at);
    this.#dataFlow(document, '');
    this.#list(member(document, 'do'), '/do');
  }

  #list(list: Json | undefined, at: string): void {
    for (const [itemAt, item] of this.#entries(list, at))
      for (const [taskAt, task] of this.#entries(item, itemAt)) this.#task(task, taskAt);
  }

  #task(task: Json, at: string): void {
    if (!isObject(task)) return;
    const kind = Object.keys(KINDS).find((one) => Object.hasOwn(task, one));
    if (kind === undefined) {
      const kinds = Object.keys(KINDS).join(', ');
      const message = `The task is of no kind that Carillon knows: ${Object.keys(task).join(', ')}.`;
      this.problems.add('not-supported', at, message, `Use one of: ${kinds}.`);
      return;
    }
    this.#members(task, at, KINDS[kind] as Members);
    this.#dataFlow(task, at);
    const body = member(task, kind);
    const inner = pointer(at, kind);
    if (kind === 'call') this.#call(task, at);
    else if (kind === 'run') this.#run(body, inner);
    else if (kind === 'listen') this.#listen(task, at);
    else if (kind === 'try') this.#try(task, at);
    else if (kind === 'fork') {
      this.#members(body, inner, { known: ['branches', 'compete'] });
      this.#list(member(body, 'branches'), pointer(inner, 'branches'));
    } else if (kind === 'for') this.#members(body, inner, { known: ['each', 'in', 'at'] });
    if (kind === 'do' || kind === 'for') this.#list(member(task, 'do'), pointer(at, 'do'));
  }

  #call(task: Json, at: string): void {
    const call = member(task, 'call');
    if (call !== 'http') {
      this.problems.refuse(pointer(at, 'call'), `\`call: ${String(call)}\``, CALLS);
      return;
    }
    const given = member(task, 'with');
    const known = ['method', 'endpoint', 'headers', 'body', 'query', 'output', 'redirect'];
    this.#members(given, `${at}/with`, { known });
    const endpoint = member(given, 'endpoint');
    this.#members(endpoint, `${at}/with/endpoint`, { known: ['uri', 'authentication'] });
    this.#authentication(member(endpoint, 'authentication'), `${at}/with/endpoint/authentication`);
  }

  #authentication(value: Json | undefined, at: string): void {
    this.#members(value, at, AUTHENTICATION);
    for (const scheme of ['basic', 'bearer'])
      this.#members(member(value, scheme), pointer(at, scheme), CREDENTIALS);
  }

  #run(run: Json | undefined, at: string): void {
    this.#members(run, at, RUN);
    const script = member(run, 'script');
    this.#members(script, `${at}/script`, SCRIPT);
    const languages = ['javascript', 'js'];
    this.#value(script, `${at}/script`, 'language', languages, 'Write it in JavaScript.');
    this.#members(member(run, 'shell'), `${at}/shell`, { known: ['command', ...PROCESS] });
    this.#members(member(run, 'task'), `${at}/task`, { known: ['name', 'parameters'] });
    const child = { known: ['namespace', 'name', 'version', 'input'] };
    this.#members(member(run, 'workflow'), `${at}/workflow`, child);
    if (member(run, 'await') === false && (script !== undefined || member(run, 'shell')))
      this.problems.refuse(
        `${at}/await`,
        'A process that is not awaited',
        'Await it, or run a task or a workflow.',
      );
  }

  #listen(task: Json, at: string): void {
    const body = member(task, 'listen');
    this.#members(body, `${at}/listen`, { known: ['to', 'read'] });
    this.#consumption(member(body, 'to'), `${at}/listen/to`);
    const foreach = member(task, 'foreach');
    const known = ['item', 'at', 'do', 'output', 'export'];
    this.#members(foreach, `${at}/foreach`, { known });
    this.#list(member(foreach, 'do'), `${at}/foreach/do`);
  }

  #consumption(to: Json | undefined, at: string): void {
    this.#members(to, at, CONSUMPTION);
    const one = member(to, 'one');
    const filters = [
      ...(one === undefined ? [] : [[`${at}/one`, one] as const]),
      ...this.#entries(member(to, 'all'), `${at}/all`),
      ...this.#entries(member(to, 'any'), `${at}/any`),
    ];
    for (const [filterAt, filter] of filters)
      this.#members(filter, filterAt, {
        known: ['with'],
        refused: { correlate: 'Compare with an expression in `with`, such as one of `data`.' },
      });
    const until = member(to, 'until');
    if (!isObject(until)) return;
    if (member(until, 'until') !== undefined)
      this.problems.refuse(`${at}/until/until`, 'An `until` of an `until`', 'Take it out.');
    else this.#consumption(until, `${at}/until`);
  }

  #try(task: Json, at: string): void {
    this.#list(member(task, 'try'), `${at}/try`);
    const handler = member(task, 'catch');
    const known = ['errors', 'as', 'when', 'exceptWhen', 'retry', 'do'];
    this.#members(handler, `${at}/catch`, { known });
    this.#retry(member(handler, 'retry'), `${at}/catch/retry`);
    this.#list(member(handler, 'do'), `${at}/catch/do`);
  }

  #retry(retry: Json | undefined, at: string): void {
    const known = ['when', 'exceptWhen', 'delay', 'limit', 'backoff', 'jitter'];
    this.#members(retry, at, { known });
    const limit = member(retry, 'limit');
    this.#members(limit, `${at}/limit`, { known: ['attempt', 'duration'] });
    this.#members(member(limit, 'attempt'), `${at}/limit/attempt`, {
      known: ['count'],
      refused: { duration: 'Use `limit.duration`, or a `timeout` of the task.' },
    });
    const backoff = { known: ['constant', 'exponential', 'linear'] };
    this.#members(member(retry, 'backoff'), `${at}/backoff`, backoff);
  }

  #dataFlow(value: Json, at: string): void {
    for (const name of ['input', 'output', 'export']) {
      const flow = member(value, name);
      const schema = member(flow, 'schema');
      const schemaAt = `${at}/${name}/schema`;
      this.#members(schema, schemaAt, {
        known: ['format', 'document'],
        refused: { resource: 'Write the schema into `document`.' },
      });
      this.#value(schema, schemaAt, 'format', ['json'], 'Write it as JSON Schema.');
    }
  }

  #members(value: Json | undefined, at: string, { known, refused = {} }: Members): void {
    if (!isObject(value)) return;
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      const remedy = Object.hasOwn(refused, name) ? refused[name] : undefined;
      if (remedy !== undefined) this.problems.refuse(pointer(at, name), `\`${name}\``, remedy);
      else
        this.problems.add(
          'field-unknown',
          pointer(at, name),
          `There is no field "${name}" here.`,
          `Take it out, or correct its name: ${known.join(', ')}.`,
        );
    }
  }

  #value(
    owner: Json | undefined,
    at: string,
    name: string,
    supported: readonly string[],
    remedy: string,
  ): void {
    const value = member(owner, name);
    if (typeof value !== 'string' || supported.includes(value.replace(/:.*$/, ''))) return;
    this.problems.refuse(pointer(at, name), `\`${name}: ${value}\``, remedy);
  }

  #entries(value: Json | undefined, at: string): readonly (readonly [string, Json])[] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).map(([name, one]) => [pointer(at, name), one as Json]);
  }
}
