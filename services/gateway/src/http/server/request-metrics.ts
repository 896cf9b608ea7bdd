import { metrics } from '@opentelemetry/api';
import { type FastifyInstance } from 'fastify';

/** Up to a second the API is meant to be; beyond ten it has failed. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts requests by route, never by address: ids would make a series each. */
export function measureRequests(instance: FastifyInstance): void {
  const duration = metrics
    .getMeter('carillon')
    .createHistogram('gateway_request_duration_seconds', {
      description: 'From the first byte of a request to the last of its answer',
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    });
  instance.addHook('onResponse', async (request, reply) => {
    duration.record(reply.elapsedTime / 1_000, {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
    });
  });
}
