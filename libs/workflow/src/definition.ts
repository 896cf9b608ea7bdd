import type { Json, JsonObject } from './json.js';

// The supported subset of the DSL, as it stands in a definition that `validateWorkflow` let pass. A
// definition is kept as it was written; these types only say what may be found where.

export type Duration = string | Readonly<Partial<Record<DurationUnit, number>>>;
export type DurationUnit = 'days' | 'hours' | 'minutes' | 'seconds' | 'milliseconds';

/** Entries of one member each: the name and its task. */
export type TaskList = readonly Readonly<Record<string, Task>>[];

export interface Schema {
  readonly format?: string;
  readonly document: JsonObject;
}

export interface DataFlow {
  readonly input?: { readonly schema?: Schema; readonly from?: Json };
  readonly output?: { readonly schema?: Schema; readonly as?: Json };
}

export interface Export {
  readonly schema?: Schema;
  readonly as?: Json;
}

export type Timeout = string | { readonly after: Duration };

export interface TaskBase extends DataFlow {
  readonly if?: string;
  readonly export?: Export;
  readonly timeout?: Timeout;
  readonly then?: string;
}

export interface HttpTask extends TaskBase {
  readonly call: 'http';
  readonly with: {
    readonly method: string;
    readonly endpoint:
      | string
      | { readonly uri: string; readonly authentication?: AuthenticationUse };
    readonly headers?: Json;
    readonly body?: Json;
    readonly query?: Json;
    readonly output?: 'raw' | 'content' | 'response';
    readonly redirect?: boolean;
  };
}

export type AuthenticationUse =
  | { readonly use: string }
  | { readonly basic: { readonly username: string; readonly password: string } }
  | { readonly bearer: { readonly token: string } };

export interface ProcessDefinition {
  readonly stdin?: string;
  readonly arguments?: Json;
  readonly environment?: Json;
}

export interface RunTask extends TaskBase {
  readonly run: {
    readonly script?: ProcessDefinition & { readonly language: string; readonly code: string };
    readonly shell?: ProcessDefinition & { readonly command: string };
    /** Not of the specification: a child execution of a task of Carillon. */
    readonly task?: { readonly name: string; readonly parameters?: Json };
    readonly workflow?: {
      readonly namespace: string;
      readonly name: string;
      readonly version: string;
      readonly input?: Json;
    };
    readonly await?: boolean;
    readonly return?: 'stdout' | 'stderr' | 'code' | 'all' | 'none';
  };
}

export interface EventFilter {
  readonly with: JsonObject;
}

export interface Consumption {
  readonly all?: readonly EventFilter[];
  readonly any?: readonly EventFilter[];
  readonly one?: EventFilter;
  readonly until?: string | Consumption;
}

export interface ListenTask extends TaskBase {
  readonly listen: { readonly to: Consumption; readonly read?: 'data' | 'envelope' | 'raw' };
  readonly foreach?: {
    readonly item?: string;
    readonly at?: string;
    readonly do?: TaskList;
    readonly output?: DataFlow['output'];
    readonly export?: Export;
  };
}

export interface ErrorDefinition {
  readonly type: string;
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
}

export interface RetryPolicy {
  readonly when?: string;
  readonly exceptWhen?: string;
  readonly delay?: Duration;
  readonly backoff?: {
    readonly constant?: Json;
    readonly exponential?: Json;
    readonly linear?: Json;
  };
  readonly limit?: { readonly attempt?: { readonly count?: number }; readonly duration?: Duration };
  readonly jitter?: { readonly from: Duration; readonly to: Duration };
}

export interface TryTask extends TaskBase {
  readonly try: TaskList;
  readonly catch: {
    readonly errors?: { readonly with?: JsonObject };
    readonly as?: string;
    readonly when?: string;
    readonly exceptWhen?: string;
    readonly retry?: string | RetryPolicy;
    readonly do?: TaskList;
  };
}

export interface DoTask extends TaskBase {
  readonly do: TaskList;
}
export interface ForTask extends TaskBase {
  readonly for: { readonly each?: string; readonly in: string; readonly at?: string };
  readonly while?: string;
  readonly do: TaskList;
}
export interface ForkTask extends TaskBase {
  readonly fork: { readonly branches: TaskList; readonly compete?: boolean };
}
export interface SwitchCase {
  readonly when?: string;
  readonly then: string;
}
export interface SwitchTask extends TaskBase {
  readonly switch: readonly Readonly<Record<string, SwitchCase>>[];
}
export interface SetTask extends TaskBase {
  readonly set: Json;
}
export interface EmitTask extends TaskBase {
  readonly emit: { readonly event: { readonly with: JsonObject } };
}
export interface RaiseTask extends TaskBase {
  readonly raise: { readonly error: string | ErrorDefinition };
}
export interface WaitTask extends TaskBase {
  readonly wait: Duration;
}

export type Task =
  | HttpTask
  | RunTask
  | ListenTask
  | TryTask
  | DoTask
  | ForTask
  | ForkTask
  | SwitchTask
  | SetTask
  | EmitTask
  | RaiseTask
  | WaitTask;

export interface Workflow extends DataFlow {
  readonly document: {
    readonly dsl: string;
    readonly namespace: string;
    readonly name: string;
    readonly version: string;
  };
  readonly do: TaskList;
  readonly timeout?: Timeout;
  readonly use?: {
    readonly authentications?: Readonly<Record<string, AuthenticationUse>>;
    readonly errors?: Readonly<Record<string, ErrorDefinition>>;
    readonly retries?: Readonly<Record<string, RetryPolicy>>;
    readonly timeouts?: Readonly<Record<string, { readonly after: Duration }>>;
  };
}

/** The name and the value of an entry. */
export function entryOf<Value>(entry: Readonly<Record<string, Value>>): readonly [string, Value] {
  const [first] = Object.entries(entry);
  if (first === undefined) throw new Error('A validated list has no empty entry.');
  return first;
}
