import type { HttpRequest } from '#libs/builtins';
import type { Flow } from '#libs/flow';
import type { CodeJob } from './code/code-job.js';
import type { HttpCallJob, RunMessage, Thought, WorkflowJob } from './workflow/workflow-job.js';

/**
 * What supervisor and child say to each other: one JSON object a line, over a socket that the child
 * inherits as file descriptor 3. Parameters and secrets travel here and nowhere else: an argument or
 * an environment can be read by every process of the same user.
 */
export const CHANNEL_FD = 3;
/** Names the child's scratch folder, and so marks every process that comes from it. */
export const SCRATCH_MARK = 'CARILLON_SCRATCH';

export type Job =
  | { readonly kind: 'noop'; readonly durationMs: number }
  | {
      readonly kind: 'http.request';
      readonly request: HttpRequest;
      readonly idempotencyKey: string;
    }
  | { readonly kind: 'flow'; readonly flow: Flow; readonly browser: BrowserSettings }
  | CodeJob
  | HttpCallJob
  | WorkflowJob;

export interface BrowserSettings {
  readonly executablePath: string;
  readonly sandbox: boolean;
}

/** `terminated` is a cancel without grace. */
export type StopCause = 'timed-out' | 'cancelled' | 'terminated' | 'superseded' | 'drained';

export type ToChild =
  | { readonly type: 'start'; readonly id: number; readonly job: Job }
  /** End soon and tell what there is. Without an id it is for every job, and a signal and the kill follow. */
  | { readonly type: 'stop'; readonly id?: number; readonly cause: StopCause }
  | (RunMessage & { readonly id: number });

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

export interface Line {
  readonly atMs: number;
  readonly level: Level;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Failure {
  /** Stable, upper snake case. */
  readonly code: string;
  readonly message: string;
  /** No retry may mend it. */
  readonly final: boolean;
  readonly stack?: string;
}

export interface Measured {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
  /** Only of an attempt that had a process of its own. */
  readonly peakDiskBytes?: number;
  readonly processStartMs?: number;
}

/** What a job says while it runs. */
export type FromJob =
  | { readonly type: 'log'; readonly line: Line }
  /** One named value of the output; told as soon as it is known, so that a failed run keeps it. */
  | { readonly type: 'output'; readonly name: string; readonly value: unknown }
  /** What an outside API charged; whether it is an amount is judged by the supervisor. */
  | { readonly type: 'cost'; readonly amount: unknown; readonly note: string }
  /** Lines that a program printed beyond its share: counted where they fell, and not kept. */
  | { readonly type: 'dropped'; readonly lines: number }
  /** Of a run of a workflow: what is to be done. */
  | { readonly type: 'thought'; readonly thought: Thought }
  /** A file of the scratch folder that is to be kept. */
  | {
      readonly type: 'artifact';
      readonly name: string;
      readonly mediaType: string;
      readonly file: string;
    };

/** Of which job it is: a child may have several. */
interface OfJob {
  readonly id: number;
}

export type FromChild =
  /** Once, when the process has started and may be given its first job. */
  | { readonly type: 'ready' }
  | (FromJob & OfJob)
  | {
      readonly type: 'end';
      readonly id: number;
      readonly failure?: Failure;
      readonly measured: Measured;
    };

export const encode = (message: ToChild | FromChild): string => `${JSON.stringify(message)}\n`;

/** Reads a child's line; undefined when it is none of the messages above. */
export function fromChild(line: string): FromChild | undefined {
  const message = parse(line);
  if (message === undefined) return undefined;
  if (message['type'] === 'ready') return { type: 'ready' };
  const { id } = message;
  if (typeof id !== 'number') return undefined;
  if (message['type'] === 'end') {
    const { failure, measured } = message;
    if (!isMeasured(measured)) return undefined;
    if (failure === undefined) return { type: 'end', id, measured };
    return isFailure(failure) ? { type: 'end', id, failure, measured } : undefined;
  }
  const said = fromJob(message);
  return said && { ...said, id };
}

function fromJob(message: Fields): FromJob | undefined {
  switch (message['type']) {
    case 'log':
      return isLine(message['line']) ? { type: 'log', line: message['line'] } : undefined;
    case 'output':
      return typeof message['name'] === 'string'
        ? { type: 'output', name: message['name'], value: message['value'] }
        : undefined;
    case 'cost':
      return typeof message['note'] === 'string'
        ? { type: 'cost', amount: message['amount'], note: message['note'] }
        : undefined;
    case 'thought':
      return isFields(message['thought'])
        ? { type: 'thought', thought: message['thought'] as unknown as Thought }
        : undefined;
    case 'dropped':
      return typeof message['lines'] === 'number'
        ? { type: 'dropped', lines: message['lines'] }
        : undefined;
    case 'artifact': {
      const { name, mediaType, file } = message;
      return typeof name === 'string' && typeof mediaType === 'string' && typeof file === 'string'
        ? { type: 'artifact', name, mediaType, file }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Reads a supervisor's line. The child believes its supervisor. */
export const toChild = (line: string): ToChild => JSON.parse(line) as ToChild;

type Fields = Readonly<Record<string, unknown>>;

function parse(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isLine = (value: unknown): value is Line =>
  isFields(value) &&
  typeof value['atMs'] === 'number' &&
  typeof value['message'] === 'string' &&
  LEVELS.some((level) => level === value['level']) &&
  (value['metadata'] === undefined || isFields(value['metadata']));

const isMeasured = (value: unknown): value is Measured =>
  isFields(value) &&
  typeof value['cpuMs'] === 'number' &&
  typeof value['peakMemoryBytes'] === 'number';

const isFailure = (value: unknown): value is Failure =>
  isFields(value) &&
  typeof value['code'] === 'string' &&
  typeof value['message'] === 'string' &&
  typeof value['final'] === 'boolean' &&
  (value['stack'] === undefined || typeof value['stack'] === 'string');
