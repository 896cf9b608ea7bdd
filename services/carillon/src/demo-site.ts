import { createServer, type ServerResponse } from 'node:http';
import { type ServiceDefinition } from '#libs/runtime';
import { shopPage } from './demo-pages.js';

/** Of three requests for the stock, this many find the server busy. */
const BUSY_OF_THREE = 2;

/** A site for the demo tasks to work on, so that the demo needs no network. */
export const demoSite: ServiceDefinition<Record<never, never>> = {
  name: 'demo-site',
  start: async ({ settings, log }) => {
    let asked = 0;
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://demo').pathname;
      if (path === '/') return send(response, 200, 'text/html', shopPage);
      if (path === '/health') return sendJson(response, 200, { status: 'ok', foundry: 'open' });
      if (path === '/stock') {
        // Each third request gets through, so that a run is seen to fail, wait and succeed.
        const isBusy = asked++ % (BUSY_OF_THREE + 1) < BUSY_OF_THREE;
        return isBusy
          ? sendJson(response, 503, { error: 'counting bells, try again' })
          : sendJson(response, 200, { bells: 23, clappers: 19 });
      }
      sendJson(response, 404, { error: 'no such page' });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(settings.demoPort, '127.0.0.1', resolve);
    });
    log.info({ port: settings.demoPort }, 'demo site is open');
    return {
      stop: () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(() => resolve()));
      },
    };
  },
};

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
}
