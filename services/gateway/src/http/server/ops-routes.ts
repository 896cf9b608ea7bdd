import { type FastifyInstance } from 'fastify';
import { type Ops } from '#libs/runtime';

/** `/healthz`, `/readyz` and `/metrics` of the process, at the gateway's own address too. */
export function serveOps(instance: FastifyInstance, ops: Ops): void {
  instance.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8');
    return 'ok\n';
  });
  instance.get('/readyz', async (_request, reply) => {
    const readiness = await ops.readiness();
    reply.header('cache-control', 'no-store').status(readiness.ready ? 200 : 503);
    return readiness;
  });
  instance.get('/metrics', async (_request, reply) => {
    reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8');
    return ops.metricsText();
  });
}
