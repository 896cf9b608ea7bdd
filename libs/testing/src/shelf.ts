import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newPassword, type PostgresServer, startPostgresServer } from '#libs/parts';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

/** Durability is not what these specs are about, and connections are many. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];

export interface ShelfOptions {
  /** Builds the services into a folder, and gives what stands there for `dist/`. Once in a run at most. */
  readonly build: (folder: string) => Promise<string>;
}

export interface Shelf {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Servers that the spec files of one run have in common. It lives in the process that starts the
 * run; spec files reach it over the loopback, and the first to ask for something gets it started.
 */
export async function openShelf({ build }: ShelfOptions): Promise<Shelf> {
  let postgres: Promise<SharedPostgres> | undefined;
  let built: Promise<Built> | undefined;
  const shelf = createServer((request, response) => {
    const refuse = (error: Error) => response.writeHead(500).end(error.message);
    if (request.url === '/built') {
      built ??= buildFor(build);
      built.then(({ dist }) => response.end(dist), refuse);
      return;
    }
    postgres ??= startSharedPostgres();
    postgres.then(({ server }) => response.end(JSON.stringify({ url: server.url })), refuse);
  });
  await new Promise<void>((resolve) => shelf.listen(0, '127.0.0.1', resolve));
  shelf.unref();
  const { port } = shelf.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: async () => {
      shelf.closeAllConnections();
      await new Promise((resolve) => shelf.close(resolve));
      const shared = await postgres?.catch(() => undefined);
      await shared?.server.stop();
      if (shared) await removeFolder(shared.folder);
      const unused = await built?.catch(() => undefined);
      if (unused) await removeFolder(unused.folder);
    },
  };
}

interface Built {
  readonly dist: string;
  readonly folder: string;
}

async function buildFor(build: ShelfOptions['build']): Promise<Built> {
  const folder = await temporaryFolder('built');
  return { folder, dist: await build(folder) };
}

interface SharedPostgres {
  readonly server: PostgresServer;
  readonly folder: string;
}

async function startSharedPostgres(): Promise<SharedPostgres> {
  const folder = await temporaryFolder('postgres');
  const password = newPassword();
  const server = await startPostgresServer({ folder, password, settings: FAST, temporary: true });
  return { server, folder };
}
