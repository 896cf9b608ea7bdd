import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { natsAccess } from '#libs/addresses';
import { findNats, freePort, type NatsServer, newPassword, startNatsServer } from '#libs/parts';
import { testEnvironment } from './config.js';
import { eventually } from './eventually.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

const READY_WITHIN_MS = 20_000;

export interface TestNats {
  /** Of all nodes, separated by commas. */
  readonly url: string;
  /** Process of the first node; of the others in `nodes`. */
  readonly pid: number;
  readonly nodes: readonly TestNatsNode[];
  /** Kills the first node without warning; `restart` brings it back on the same port and store. */
  kill9(): Promise<void>;
  restart(): Promise<void>;
  /** Ends everything and removes the store. */
  stop(): Promise<void>;
}

export interface TestNatsNode {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  kill9(): Promise<void>;
  /** Graceful, leaving the store for a `restart`. */
  shutDown(): Promise<void>;
  restart(): Promise<void>;
}

export interface TestNatsOptions {
  readonly cluster?: 1 | 3;
  /** Let in nobody without the user and password that its address carries (`natsAccess`). */
  readonly isLocked?: boolean;
}

/** A real nats-server, or a cluster of three, with stores of its own that sync before they ack. */
export async function startTestNats(options: TestNatsOptions = {}): Promise<TestNats> {
  const { binary } = await findNats({ env: testEnvironment.all });
  const folder = await temporaryFolder('nats');
  const nodes = await startNodes(binary, folder, options);
  const url = nodes.map((node) => node.url).join(',');
  const first = nodes[0] as TestNatsNode;
  const test: TestNats = {
    url,
    nodes,
    get pid() {
      return first.pid;
    },
    kill9: () => first.kill9(),
    restart: () => first.restart(),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.kill9()));
      await removeFolder(folder);
    },
  };
  try {
    await ready(url);
  } catch (error) {
    await test.stop();
    throw error;
  }
  return test;
}

async function startNodes(
  binary: string,
  folder: string,
  { cluster: count = 1, isLocked = false }: TestNatsOptions,
): Promise<TestNatsNode[]> {
  const alike = { binary, ...(isLocked && { password: newPassword() }) };
  if (count === 1) return [await startNode({ ...alike, folder: join(folder, 'n1'), name: 'n1' })];
  const routePorts = await differentPorts(count);
  return Promise.all(
    routePorts.map((port, index) => {
      const name = `n${index + 1}`;
      return startNode({
        ...alike,
        folder: join(folder, name),
        name,
        cluster: { serverName: name, name: 'carillon-test', port, routePorts },
      });
    }),
  );
}

type NodeOptions = Parameters<typeof startNatsServer>[0] & { readonly name: string };

async function startNode({ name, ...options }: NodeOptions): Promise<TestNatsNode> {
  let server: NatsServer = await startNatsServer({ ...options, temporary: true });
  const { port, url } = server;
  return {
    name,
    url,
    get pid() {
      return server.pid;
    },
    kill9: () => server.kill9(),
    shutDown: () => server.stop(),
    restart: async () => {
      await server.stop();
      server = await startNatsServer({ ...options, port, temporary: true });
    },
  };
}

async function differentPorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** A cluster serves JetStream only after it has elected a leader. */
async function ready(url: string): Promise<void> {
  const connection = await connect(natsAccess(url));
  try {
    await eventually(
      async () => (await jetstreamManager(connection)).getAccountInfo().then(() => true),
      { withinMs: READY_WITHIN_MS },
    );
  } finally {
    await connection.close();
  }
}
