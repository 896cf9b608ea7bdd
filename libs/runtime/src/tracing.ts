import type { MsgHdrs } from '@nats-io/transport-node';
import {
  type Attributes,
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

export type { Context as TraceContext } from '@opentelemetry/api';

const SCOPE = 'carillon';
const TRACEPARENT = 'traceparent';

const headersSetter = {
  set: (headers: MsgHdrs, key: string, value: string) => headers.set(key, value),
};
const headersGetter = {
  keys: (headers: MsgHdrs) => headers.keys(),
  get: (headers: MsgHdrs, key: string) => headers.get(key) || undefined,
};

/** Writes the trace that is going on into the headers of a message. */
export function injectTrace(headers: MsgHdrs, from: Context = context.active()): MsgHdrs {
  propagation.inject(from, headers, headersSetter);
  return headers;
}

/** The trace that a message belongs to. */
export function extractTrace(headers: MsgHdrs | undefined): Context {
  return headers ? propagation.extract(ROOT_CONTEXT, headers, headersGetter) : ROOT_CONTEXT;
}

/** The trace that is going on, as an envelope carries it; empty when there is none. */
export function currentTraceparent(from: Context = context.active()): string {
  const carrier: Record<string, string> = {};
  propagation.inject(from, carrier);
  return carrier[TRACEPARENT] ?? '';
}

export function traceOfParent(traceparent: string): Context {
  return traceparent
    ? propagation.extract(ROOT_CONTEXT, { [TRACEPARENT]: traceparent })
    : ROOT_CONTEXT;
}

/**
 * The trace of an execution: its trace id is the execution's own UUID, so that every process joins
 * the same trace without being told, and whoever has the one id can look up the other.
 */
export function traceOfExecution(executionId: string): Context {
  const traceId = executionId.replaceAll('-', '').toLowerCase();
  // The flag stays down: the sampler decides by the trace id, alike in every process.
  const parent = { traceId, spanId: traceId.slice(16), traceFlags: 0, isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, parent);
}

export interface SpanSetup {
  readonly within?: Context;
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
}

/** Spans are made for somebody who reads them; without an exporter only ids are passed on. */
let areRecorded = true;

export function recordSpans(areWanted: boolean): void {
  areRecorded = areWanted;
}

const UNRECORDED = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Runs `work` in a span of its own, which ends with it, well or not. */
export async function inSpan<T>(
  name: string,
  setup: SpanSetup,
  work: (span: Span) => T | Promise<T>,
): Promise<T> {
  // Most of what is done in a given trace is done a thousand times a second, and recorded by nobody.
  if (!areRecorded && setup.within !== undefined) {
    const span = trace.getSpan(setup.within) ?? UNRECORDED;
    return context.with(setup.within, () => work(span));
  }
  const within = setup.within ?? context.active();
  const span = trace
    .getTracer(SCOPE)
    .startSpan(name, { attributes: setup.attributes, kind: setup.kind }, within);
  try {
    return await context.with(trace.setSpan(within, span), () => work(span));
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
