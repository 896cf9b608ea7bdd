import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { pagePolicy } from './headers.js';

/** In the page, where its own inline styles are to be allowed: replaced at each request. */
const NONCE_PLACE = '{{cspNonce}}';
/** The build puts a hash into the names of these files. */
const HASHED = /^\/assets\//;
const NOT_PAGES = /^\/(?:api|graphql|demo|healthz|readyz|metrics)(?:\/|$)/;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Carillon</title>
<p>The admin has not been built yet: run <code>npm run build</code>, then reload. The API is at
<a href="/api/docs">/api/docs</a>.</p></html>`;

/**
 * Serves the built admin: files as they are, every other address its one page, so that a link to a
 * run can be opened and reloaded. What looks like a file and is none stays a 404.
 */
export function serveAdmin(instance: FastifyInstance, adminDir: string): void {
  instance.register(fastifyStatic, {
    root: adminDir,
    serve: false,
    prefixAvoidTrailingSlash: true,
  });
  instance.get('/*', async (request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request.url);
    if (path === undefined || NOT_PAGES.test(path)) return reply.callNotFound();
    if (path !== '/' && path !== '/index.html' && (await isFile(join(adminDir, path))))
      return HASHED.test(path)
        ? reply.sendFile(path, { immutable: true, maxAge: '365d' })
        : reply.sendFile(path, { cacheControl: false });
    if (/\.[a-z0-9]+$/i.test(path) && path !== '/index.html') return reply.callNotFound();
    return sendPage(adminDir, request, reply);
  });
}

async function sendPage(adminDir: string, request: FastifyRequest, reply: FastifyReply) {
  reply.type('text/html').header('cache-control', 'no-cache');
  let page: string;
  try {
    page = await readFile(join(adminDir, 'index.html'), 'utf8');
  } catch {
    pagePolicy(reply, {});
    return reply.status(503).send(NOT_BUILT);
  }
  const nonce = randomBytes(16).toString('base64');
  const usesNonce = page.includes(NONCE_PLACE);
  const host = /^[\w.:[\]-]+$/.exec(request.headers.host ?? '')?.[0] ?? 'localhost';
  pagePolicy(reply, {
    'script-src': "'self'",
    // The component kit writes its tokens into a style element; with a nonce only that one may be.
    'style-src': usesNonce ? `'self' 'nonce-${nonce}'` : "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': `'self' ws://${host} wss://${host}`,
    'manifest-src': "'self'",
  });
  return reply.send(page.replaceAll(NONCE_PLACE, nonce));
}

/** Decoded and without a way out of the folder; undefined when it can't be a path. */
function pathOf(url: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(url.split('?', 1)[0] ?? '/'));
    return path.startsWith('/') && !path.includes('\0') && !path.includes('/.') ? path : undefined;
  } catch {
    return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
