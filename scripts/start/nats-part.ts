import { join } from 'node:path';
import { withoutCredentials } from '#libs/addresses';
import { credentialIn, findNats, freePort, natsUrl, startNatsServer } from '#libs/parts';
import { keepAlive } from './keep-alive.ts';
import type { Part, PartOptions } from './part.ts';
import { partsEnv } from './settings.ts';

/** NATS from NATS_URL, else a nats-server of our own on the data folder. */
export async function startNatsPart(options: PartOptions): Promise<Part> {
  const { settings, processes, say } = options;
  if (settings.isNatsGiven) {
    return { url: settings.natsUrl, what: `${withoutCredentials(settings.natsUrl)} (given)` };
  }
  const found = await findNats({ env: partsEnv(settings), say });
  const folder = join(options.folder, 'nats');
  const password = credentialIn(options.folder, 'nats');
  const wanted = await freePort(settings.natsPort);
  const server = await keepAlive({
    name: 'nats-server',
    start: (port = wanted) => startNatsServer({ binary: found.binary, folder, port, password }),
    onStart: ({ pid }) => processes.add('nats-server', pid),
    say,
  });
  return {
    url: natsUrl(server.port, password),
    what: `nats-server ${found.version} (${found.from}) on 127.0.0.1:${server.port}`,
    server,
  };
}
