import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { shown } from '../../problems/plain-text.js';
import { RequestProblem } from '../../problems/problem.js';

/** What every answer carries; a page states its own policy over the strictest one. */
const alwaysHeaders = {
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface DoorRules {
  /** The address that is listened on. */
  readonly host: string;
  readonly publicHosts: string | undefined;
}

/**
 * The checks that stand before everything else. There is no sign-in yet, so what a browser may be
 * tricked into matters: another site must not send commands (Origin), and a name that was made to
 * point here must not read (Host, against DNS rebinding).
 */
export function guardTheDoor(instance: FastifyInstance, rules: DoorRules): void {
  const hostIsKnown = hostCheck(rules);
  instance.addHook('onRequest', async (request, reply) => {
    reply.headers(alwaysHeaders).header('x-request-id', request.id);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    if (!hostIsKnown(request.headers.host))
      throw new RequestProblem(
        'host-unknown',
        `The name \`${shown(request.headers.host ?? '')}\` is not one of this server's.`,
      );
    if (!SAFE_METHODS.has(request.method) && isOfAnotherSite(request))
      throw new RequestProblem('cross-site', 'A page of another site sent this request.');
  });
}

/** Bound to a loopback address, only its names are right; bound to others, those that are listed. */
export function hostCheck({
  host,
  publicHosts,
}: DoorRules): (given: string | undefined) => boolean {
  const listed = new Set(
    (publicHosts ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  );
  const isLocal = LOOPBACK.has(host) || host === '::1' || host.startsWith('127.');
  if (!isLocal && listed.size === 0) return () => true;
  return (given) => {
    const name = (given ?? '').toLowerCase().replace(/:\d+$/, '');
    return LOOPBACK.has(name) || name === host || listed.has(name);
  };
}

/** By what a browser says of itself; other clients say nothing, and could say anything. */
export function isOfAnotherSite({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) return URL.parse(origin)?.host !== host;
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** The policy of a page of ours. */
export function pagePolicy(reply: FastifyReply, sources: Record<string, string>): void {
  const policy = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    ...sources,
  };
  reply.header(
    'content-security-policy',
    Object.entries(policy)
      .map(([directive, source]) => `${directive} ${source}`)
      .join('; '),
  );
}
