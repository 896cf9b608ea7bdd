import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SystemClock } from '#libs/clock';
import { freePort } from '#libs/parts';
import { createLogger } from '#libs/runtime';
import { removeFolder, temporaryFolder } from '#libs/testing';
import type { FromChild, Job } from './child/protocol.js';
import { AttemptProcess } from './children/attempt-process.js';
import { treeMembers } from './children/process-tree.js';
import { SharedChild } from './children/shared-child.js';
import { type Conducted, conductJob } from './conduct-job.js';

const clock = new SystemClock();
let scratch: string;
let child: AttemptProcess;
let server: Server;
let address: string;
const heard: FromChild[] = [];
const printed: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const status = Number(request.url?.slice(1)) || 200;
    if (request.url === '/never') return;
    response.writeHead(status, { 'content-type': 'application/json', 'set-cookie': 'a=b' });
    response.end(JSON.stringify({ key: request.headers['idempotency-key'] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function conduct(job: Job, options: { timeoutMs?: number; graceMs?: number } = {}) {
  heard.splice(0);
  printed.splice(0);
  if (child === undefined || child.exit !== undefined) {
    scratch = await temporaryFolder('child');
    child = new AttemptProcess({ scratch, heapMb: 64, clock });
  }
  return conductJob({
    child,
    job,
    clock,
    timeoutMs: options.timeoutMs ?? 20_000,
    stopGraceMs: options.graceMs ?? 2_000,
    onMessage: (message) => heard.push(message),
    onPrinted: (line) => printed.push(line),
  });
}

const request = (path: string, expected: [number, number][] = [[200, 299]]): Job => ({
  kind: 'http.request',
  idempotencyKey: 'e1:1',
  request: {
    url: `${address}${path}`,
    method: 'GET',
    headers: {},
    body: undefined,
    expected,
    followRedirects: true,
  },
});
const outputs = () =>
  Object.fromEntries(
    heard.flatMap((one) => (one.type === 'output' ? [[one.name, one.value]] : [])),
  );
const nothingLeft = () => expect(treeMembers(child.mark)).toEqual([]);

afterEach(async () => {
  await child.endTree({ graceMs: 0 });
  nothingLeft();
  await removeFolder(scratch);
});

describe('a job on a child process', () => {
  test('ends well, and the same child serves the next one', async () => {
    expect(await (await conduct({ kind: 'noop', durationMs: 0 })).end).toMatchObject({
      kind: 'ended',
    });
    const first = child;
    const { end } = await conduct({ kind: 'noop', durationMs: 5 });
    const ended = await end;
    expect(first).toBe(child);
    expect(ended.kind === 'ended' && ended.message.failure).toBe(undefined);
    expect(ended.kind === 'ended' && ended.message.measured.peakMemoryBytes).toBeGreaterThan(1e6);
    expect(printed).toEqual([]);
  });

  test('is ended at its time-out, although nobody else asks for it', async () => {
    const { end } = await conduct({ kind: 'noop', durationMs: 60_000 }, { timeoutMs: 50 });
    expect(await end).toMatchObject({ kind: 'stopped', cause: 'timed-out' });
    nothingLeft();
  });

  test('is killed when it does not end within the grace', async () => {
    // One that is still starting has no answer to SIGTERM yet, and would end at once.
    await (await conduct({ kind: 'noop', durationMs: 0 })).end;
    const { end, stop } = await conduct({ kind: 'noop', durationMs: 60_000 }, { graceMs: 100 });
    // A stopped process can't even be asked.
    process.kill(child.mark.root?.pid ?? 0, 'SIGSTOP');
    stop('cancelled');
    stop('timed-out');
    expect(await end).toMatchObject({ kind: 'stopped', cause: 'cancelled' });
    expect(child.exit).toEqual({ code: null, signal: 'SIGKILL' });
    nothingLeft();
  });

  test('loses its grace when it is to be terminated after all', async () => {
    await (await conduct({ kind: 'noop', durationMs: 0 })).end;
    const { end, stop } = await conduct({ kind: 'noop', durationMs: 60_000 }, { graceMs: 60_000 });
    process.kill(child.mark.root?.pid ?? 0, 'SIGSTOP');
    stop('cancelled');
    stop('terminated');
    expect(await end).toMatchObject({ kind: 'stopped', cause: 'cancelled' });
    nothingLeft();
  });

  test('that is killed by somebody else is told as crashed', async () => {
    const { end } = await conduct({ kind: 'noop', durationMs: 60_000 });
    process.kill(child.mark.root?.pid ?? 0, 'SIGKILL');
    expect(await end).toEqual({ kind: 'crashed', exit: { code: null, signal: 'SIGKILL' } });
  });
});

describe('jobs that share a child', () => {
  const NOOP: Job = { kind: 'noop', durationMs: 60_000 };

  async function share(count: number): Promise<Conducted[]> {
    scratch = await temporaryFolder('child');
    child = new AttemptProcess({ scratch, heapMb: 64, clock });
    await child.ready;
    const log = createLogger('execution', { level: 'error' });
    const onSpoilt = async () => void (await child.endTree({ graceMs: 0 }));
    const shared = new SharedChild(child, { clock, log, onSpoilt });
    const common = { timeoutMs: 0, stopGraceMs: 50, onMessage: () => {}, onPrinted: () => {} };
    return Array.from({ length: count }, () =>
      conductJob({ ...common, child: shared.takeSeat(), job: NOOP, clock }),
    );
  }

  test('are lost with it when one does not end, which itself is told as stopped', async () => {
    const [deaf, neighbour] = await share(2);
    process.kill(child.mark.root?.pid ?? 0, 'SIGSTOP');
    deaf?.stop('cancelled');
    expect(await deaf?.end).toMatchObject({ kind: 'stopped', cause: 'cancelled' });
    expect(await neighbour?.end).toMatchObject({ kind: 'crashed', exit: { shared: true } });
  });

  test('are nobody’s fault when it ends by itself; one alone is its own', async () => {
    const both = await share(2);
    process.kill(child.mark.root?.pid ?? 0, 'SIGKILL');
    for (const { end } of both) expect(await end).toMatchObject({ exit: { shared: true } });
    await removeFolder(scratch);
    const [alone] = await share(1);
    process.kill(child.mark.root?.pid ?? 0, 'SIGKILL');
    expect(await alone?.end).toMatchObject({ kind: 'crashed', exit: { shared: false } });
  });
});

describe('http.request', () => {
  const ended = async ({ end }: Conducted) => {
    const how = await end;
    if (how.kind !== 'ended') throw new Error(how.kind);
    return how.message;
  };

  test('gives the answer as output, without the cookies, and sends the idempotency key', async () => {
    const { failure } = await ended(await conduct(request('/200')));
    expect(failure).toBe(undefined);
    expect(outputs()).toMatchObject({
      status: 200,
      body: '{"key":"e1:1"}',
      bodyTruncated: false,
      headers: { 'content-type': 'application/json' },
    });
    expect(outputs()['headers']).not.toHaveProperty('set-cookie');
  });

  test.each([
    [503, false],
    [429, false],
    [404, true],
  ])('status %i is a failure with the output kept; final: %s', async (status, final) => {
    const { failure } = await ended(await conduct(request(`/${status}`)));
    expect(failure).toMatchObject({ code: 'HTTP_STATUS_UNEXPECTED', final });
    expect(outputs()).toMatchObject({ status });
  });

  test('takes an expected status for a success', async () => {
    expect((await ended(await conduct(request('/404', [[404, 404]])))).failure).toBe(undefined);
  });

  test('tells a refused connection by its code', async () => {
    const job = request('/');
    if (job.kind !== 'http.request') throw new Error('is one');
    const refused = {
      ...job,
      request: { ...job.request, url: `http://127.0.0.1:${await freePort()}/` },
    };
    expect((await ended(await conduct(refused))).failure).toMatchObject({
      code: 'HTTP_CONNECTION_REFUSED',
      final: false,
    });
  });

  test('that never answers is ended at the time-out', async () => {
    const { end } = await conduct(request('/never'), { timeoutMs: 300 });
    expect(await end).toMatchObject({ kind: 'stopped', cause: 'timed-out' });
  });
});
