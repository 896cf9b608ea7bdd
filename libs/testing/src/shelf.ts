import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PostgresServer, startPostgresServer } from '#libs/parts';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

/** Durability is not what these specs are about, and connections are many. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];

export interface ShelfOptions {
  /** Builds the services when something was written since; asked for once in a run. */
  readonly build: () => Promise<void>;
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
  let built: Promise<void> | undefined;
  const shelf = createServer((request, response) => {
    const refuse = (error: Error) => response.writeHead(500).end(error.message);
    if (request.url === '/built') {
      built ??= build();
      built.then(() => response.end(), refuse);
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
    },
  };
}

interface SharedPostgres {
  readonly server: PostgresServer;
  readonly folder: string;
}

async function startSharedPostgres(): Promise<SharedPostgres> {
  const folder = await temporaryFolder('postgres');
  const server = await startPostgresServer({ folder, settings: FAST, temporary: true });
  return { server, folder };
}
