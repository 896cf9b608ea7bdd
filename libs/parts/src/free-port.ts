import { createServer } from 'node:net';

const TRIES = 20;

/** Ports that this process was told already: they look free until their server is up. */
const given = new Set<number>();

/**
 * A port of the loopback that nobody listens on: the wanted one when it is free, else any, and none
 * twice. Between this and its use another process may take it all the same.
 */
export async function freePort(wanted = 0): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = await probe(tries === 0 ? wanted : 0);
    if (port === undefined || (given.has(port) && port !== wanted)) continue;
    given.add(port);
    return port;
  }
  throw new Error('no free port on 127.0.0.1');
}

function probe(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
