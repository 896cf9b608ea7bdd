import { createServer } from 'node:net';

/**
 * A port of the loopback that nobody listens on: the wanted one when it is free, else any. Between
 * this and its use somebody may take it, so who starts a server tries again with another.
 */
export async function freePort(wanted = 0): Promise<number> {
  const port = await probe(wanted);
  if (port !== undefined) return port;
  const other = await probe(0);
  if (other === undefined) throw new Error('no free port on 127.0.0.1');
  return other;
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
