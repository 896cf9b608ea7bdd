import { figuresOf } from '../figures.ts';

/** What everybody is given alike. */
export const JOBS = 20_000;
/** Before anything counts: processes have to be warm on all sides. */
export const WARM_UP = 500;
/** Jobs that one worker process runs at the same time. */
export const CONCURRENCY = 128;
export const PER_SECOND = 200;
export const STEADY_SECONDS = 30;

/** Jobs by their number, epoch ms. */
export interface Times {
  readonly askedMs: readonly number[];
  readonly acceptedMs: readonly number[];
  readonly startedMs: readonly number[];
  /** When the last end was stored. */
  readonly finishedMs: number;
}

export interface Costs {
  readonly name: string;
  readonly cpuMs: number;
}

export interface Throughput {
  /** Asked for while the worker is at it: from the first accepted to the last finished. */
  readonly flowPerSecond: number;
  /** All asked for before the worker begins: from the first started to the last finished. */
  readonly drainPerSecond: number;
  /** Of the first of the two. */
  readonly costs: readonly Costs[];
  /** What is there when all is done. */
  readonly leaves: string;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  /** From the request, not from its answer. */
  readonly askedP99: number;
}

export interface Result {
  readonly name: string;
  readonly throughput?: Throughput;
  readonly latency?: Latency;
}

export function flowRate({ acceptedMs, finishedMs }: Times): number {
  return acceptedMs.length / ((finishedMs - least(acceptedMs)) / 1_000);
}

export function drainRate({ startedMs, finishedMs }: Omit<Times, 'askedMs' | 'acceptedMs'>) {
  return startedMs.length / ((finishedMs - least(startedMs)) / 1_000);
}

/** A job may be started before its answer has reached who asked: then it had to wait for nothing. */
export function latencyOf({ askedMs, acceptedMs, startedMs }: Times): Latency {
  const since = (from: readonly number[]) =>
    figuresOf(startedMs.map((atMs, index) => Math.max(0, atMs - (from[index] ?? Number.NaN))));
  const { p50, p99 } = since(acceptedMs);
  return { p50, p99, askedP99: since(askedMs).p99 };
}

function least(values: readonly number[]): number {
  return values.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY);
}
