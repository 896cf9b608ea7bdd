import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { metrics, trace } from '@opentelemetry/api';
import { startTestNats, type TestNats } from '#libs/testing';
import { createOps, type Ops, type OpsServer, startOpsServer } from './ops.js';
import { startTelemetry, type Telemetry } from './telemetry.js';
import {
  currentTraceparent,
  extractTrace,
  injectTrace,
  inSpan,
  traceOfExecution,
} from './tracing.js';

const EXECUTION = '0198a1f2-3c4d-5e6f-8a9b-0c1d2e3f4a5b';

let telemetry: Telemetry;
beforeAll(() => {
  telemetry = startTelemetry({ service: 'spec', otlpEndpoint: undefined, traceRatio: 1 });
});
afterAll(() => telemetry.stop());

describe('the ops server', () => {
  let ops: Ops;
  let server: OpsServer;
  beforeAll(async () => {
    ops = createOps(telemetry.metricsText);
    server = await startOpsServer(ops, { host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

  test('is healthy from the start, and ready while every check holds', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    const takeBack = ops.check('lease', () => {
      throw new Error('not yet');
    });
    ops.check('nats', async () => true);
    const answer = await get('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, checks: { lease: false, nats: true } });
    takeBack();
    expect((await get('/readyz')).status).toBe(200);
  });

  test('takes a check that does not answer for one that does not hold', async () => {
    const takeBack = ops.check('broker', () => new Promise(() => {}));
    expect(await (await get('/readyz')).json()).toMatchObject({ checks: { broker: false } });
    takeBack();
  });

  test('shows what was counted, and nothing about the machine and its user', async () => {
    metrics.getMeter('spec').createCounter('bells_rung').add(3, { tower: 'north' });
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/bells_rung_total\{.*tower="north".*\} 3/);
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toMatch(/host_name|process_owner|process_command/);
  });

  test('is not ready any more once the stop has begun, but healthy', async () => {
    ops.beginStop();
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('a trace', () => {
  let nats: TestNats;
  let connection: NatsConnection;
  beforeAll(async () => {
    nats = await startTestNats();
    connection = await connect({ servers: nats.url });
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });

  test('goes with a message from the one who asks to the one who answers', async () => {
    const seen: string[] = [];
    connection.subscribe('bell', {
      callback: (_error, message) => {
        void inSpan('ring', { within: extractTrace(message.headers) }, () => {
          seen.push(trace.getActiveSpan()?.spanContext().traceId ?? '');
          message.respond('dong');
        });
      },
    });
    const asked = await inSpan('ask', {}, async (span) => {
      await connection.request('bell', '', { headers: injectTrace(headers()), timeout: 1_000 });
      return span.spanContext().traceId;
    });
    expect(seen).toEqual([asked]);
  });

  test('of an execution bears the id of the execution', async () => {
    await inSpan('start attempt', { within: traceOfExecution(EXECUTION) }, () => {
      expect(currentTraceparent()).toMatch(
        /^00-0198a1f23c4d5e6f8a9b0c1d2e3f4a5b-[0-9a-f]{16}-0[01]$/,
      );
    });
    expect(currentTraceparent()).toBe('');
  });
});
