import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '#libs/clock';

const CHECK_LIMIT_MS = 1_500;

const clock = new SystemClock();

/** Whether something that the process needs is there. `false` or a throw: it is not. */
export type ReadyCheck = () => boolean | Promise<boolean>;

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, boolean>>;
}

/** The state of a process, for whoever watches it. The gateway shows the same at its own port. */
export interface Ops {
  /** Adds a check; taking it back is for parts that end before the process does. */
  check(name: string, check: ReadyCheck): () => void;
  readiness(): Promise<Readiness>;
  metricsText(): Promise<string>;
  /** From now on not ready: the first thing that a stop says. */
  beginStop(): void;
}

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

export function createOps(metricsText: () => Promise<string>): Ops {
  const checks = new Map<string, ReadyCheck>();
  let isStopping = false;
  return {
    check: (name, check) => {
      checks.set(name, check);
      return () => checks.delete(name);
    },
    readiness: async () => {
      const answers = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await holds(check)] as const),
      );
      const ready = !isStopping && answers.every(([, isWell]) => isWell);
      return { ready, checks: Object.fromEntries(answers) };
    },
    metricsText,
    beginStop: () => {
      isStopping = true;
    },
  };
}

/** A check that does not answer in time has answered: a probe must not wait with it. */
async function holds(check: ReadyCheck): Promise<boolean> {
  const answered = new AbortController();
  const late = clock.sleep(CHECK_LIMIT_MS, answered.signal).then(() => false);
  late.catch(() => {});
  try {
    return await Promise.race([check(), late]);
  } catch {
    return false;
  } finally {
    answered.abort();
  }
}

/** `/healthz` (the process runs), `/readyz` (it can do its work), `/metrics`. */
export async function startOpsServer(
  ops: Ops,
  { host, port }: { host: string; port: number },
): Promise<OpsServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://ops').pathname;
    answer(ops, path, response).catch((error: Error) => end(response, 500, error.message));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(ops: Ops, path: string, response: ServerResponse): Promise<void> {
  if (path === '/healthz') return end(response, 200, 'ok\n');
  if (path === '/metrics') return end(response, 200, await ops.metricsText(), 'text/plain');
  if (path !== '/readyz') return end(response, 404, 'not found\n');
  const readiness = await ops.readiness();
  end(response, readiness.ready ? 200 : 503, JSON.stringify(readiness), 'application/json');
}

function end(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
}
