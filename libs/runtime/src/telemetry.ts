import { monitorEventLoopDelay } from 'node:perf_hooks';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { recordSpans } from './tracing.js';

export interface TelemetryOptions {
  readonly service: string;
  readonly otlpEndpoint: string | undefined;
  readonly traceRatio: number;
}

export interface Telemetry {
  /** All metrics of the process, as Prometheus reads them. */
  metricsText(): Promise<string>;
  /** Sends what is still to be sent, within a limit of its own. */
  stop(): Promise<void>;
}

const EVENT_LOOP_RESOLUTION_MS = 20;
const NANOS_PER_SECOND = 1e9;

/**
 * Sets up tracing and metrics of this process. Built from the parts and not by the all-in-one SDK,
 * which would detect and publish the machine's user, host and command line. Without an endpoint
 * nothing is recorded, but trace ids are passed on all the same.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': options.service });
  const ratio = options.otlpEndpoint
    ? new TraceIdRatioBasedSampler(options.traceRatio)
    : new AlwaysOffSampler();
  const tracing = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: ratio, remoteParentNotSampled: ratio }),
    spanProcessors: options.otlpEndpoint ? [exportTo(options.otlpEndpoint)] : [],
  });
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const measuring = new MeterProvider({ resource, readers: [exporter] });

  recordSpans(options.otlpEndpoint !== undefined);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracing);
  metrics.setGlobalMeterProvider(measuring);
  const stopWatching = watchProcess();

  const serializer = new PrometheusSerializer();
  return {
    metricsText: async () => {
      const { resourceMetrics } = await exporter.collect();
      return serializer.serialize(resourceMetrics);
    },
    stop: async () => {
      stopWatching();
      await Promise.allSettled([tracing.shutdown(), measuring.shutdown()]);
      recordSpans(true);
      for (const part of [trace, metrics, propagation, context]) part.disable();
    },
  };
}

function exportTo(endpoint: string): BatchSpanProcessor {
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href;
  return new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) });
}

/** What tells that a process is in trouble before its own figures do. */
function watchProcess(): () => void {
  const delay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  delay.enable();
  const meter = metrics.getMeter('carillon');
  meter
    .createObservableGauge('process_resident_memory_bytes', {
      description: 'Memory of the process',
    })
    .addCallback((observed) => observed.observe(process.memoryUsage.rss()));
  meter
    .createObservableGauge('process_event_loop_delay_p99_seconds', {
      description: 'How late the event loop was since the last look, 99th percentile',
    })
    .addCallback((observed) => {
      const lateSeconds = delay.percentile(99) / NANOS_PER_SECOND;
      observed.observe(Number.isFinite(lateSeconds) ? lateSeconds : 0);
      delay.reset();
    });
  return () => delay.disable();
}
