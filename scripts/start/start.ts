import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findChromium, freePort } from '#libs/parts';
import { build, isBuildStale } from '../build/build.ts';
import { migrateDatabase } from '../migrate/migrate.ts';
import { demoSiteOf, makeDemoTasks } from './demo.ts';
import { takeLock, type Whereabouts } from './lock.ts';
import { startNatsPart } from './nats-part.ts';
import type { Part, PartOptions } from './part.ts';
import { startPostgresPart } from './postgres-part.ts';
import { isTaken, lastWords, type Product, startProduct, untilReady } from './product.ts';
import { say, sayPart } from './say.ts';
import { partsEnv, readStartSettings, type StartSettings } from './settings.ts';
import { askedToStop, type Ending, type StopSignals } from './stop-signals.ts';
import { openProcessBook } from './survivors.ts';

export interface StartOptions {
  readonly root: string;
  readonly isDemo: boolean;
}

/** It did not come up, for a reason that can be told in a sentence. */
export class StartFailed extends Error {
  readonly code = 'start-failed';
}

/** Starts everything, waits until it is asked to stop, stops everything. Gives the exit code. */
export async function start({ root, isDemo }: StartOptions): Promise<number> {
  const settings = readStartSettings();
  const folder = resolve(root, settings.dataDir);
  const lock = await takeLock(folder);
  const undo: (() => Promise<void>)[] = [];
  const stop = askedToStop();
  try {
    const version = readVersion(root);
    say(`Carillon ${version}`);
    const product = await bringUp({ root, folder, settings, isDemo, undo, stop });
    if (!product) return 0;
    const { address } = product;
    lock.tell(product);
    say(`Carillon rings at ${address} (Ctrl-C stops it).`);
    const ending = await Promise.race([stop.asked, product.ending]);
    say(ending.why ?? 'Stopping.');
    return ending.exitCode;
  } finally {
    stop.hurry(() => process.exit(1));
    for (const step of undo.reverse()) await step();
    lock.release();
    stop.release();
  }
}

interface BringUp extends StartOptions {
  readonly folder: string;
  readonly settings: StartSettings;
  readonly undo: (() => Promise<void>)[];
  readonly stop: StopSignals;
}

interface Up extends Whereabouts {
  readonly ending: Promise<Ending>;
}

async function bringUp(options: BringUp): Promise<Up | undefined> {
  const { root, folder, settings, undo, stop } = options;
  const { host } = settings;
  const port = settings.port || (await freePort());
  const processes = openProcessBook(folder);
  const survivors = await processes.endSurvivors();
  undo.push(async () => processes.clear());
  if (survivors.length > 0)
    sayPart('Cleared', `${survivors.join(', ')} of a start that was killed`);
  if (await isTaken(host, port)) {
    throw new StartFailed(
      `Another program listens on ${host}:${port}: stop it, or choose another CARILLON_PORT.`,
    );
  }

  sayPart('Node', process.versions.node);
  const partOptions: PartOptions = {
    settings,
    folder,
    processes,
    say: (line) => sayPart('', line),
  };
  const [nats, postgres] = await startParts(partOptions, undo);
  const chromium = findChromium(partsEnv(settings));
  sayPart('Chromium', chromium?.binary ?? noChromium(settings.chromium));
  if (stop.isAsked()) return undefined;
  await buildWhenNeeded(root);
  await migrateDatabase(root, postgres.url);
  if (stop.isAsked()) return undefined;

  const logFile = join(folder, 'logs', 'carillon.log');
  sayPart('Data', `${folder}, log in ${logFile.slice(folder.length + 1)}`);
  const site = await demoSiteOf({
    folder,
    isAskedFor: options.isDemo,
    preferredPort: settings.demoPort,
  });
  if (site.kind === 'taken')
    sayPart('Demo', `another program listens on port ${site.port}: the sample tasks will fail`);
  const product = startProduct({
    root,
    logFile,
    args: site.kind === 'open' ? ['--demo'] : [],
    env: {
      ...settings.env,
      NATS_URL: nats.url,
      DATABASE_URL: postgres.url,
      CARILLON_DATA_DIR: folder,
      CARILLON_PORT: String(port),
      ...(site.kind === 'open' ? { CARILLON_DEMO_PORT: String(site.port) } : {}),
      ...(chromium ? { CARILLON_CHROMIUM: chromium.binary } : {}),
    },
  });
  undo.push(() => product.stop());
  await processes.add('carillon', product.pid);
  const address = `http://${host}:${port}`;
  const problem = await Promise.race([
    untilReady(product, address),
    stop.asked.then(() => undefined),
  ]);
  if (stop.isAsked()) return undefined;
  if (problem) throw new StartFailed(explain(`Carillon ${problem}`, logFile));
  if (options.isDemo && site.kind !== 'none') {
    const made = await makeDemoTasks(address, `http://127.0.0.1:${site.port}`);
    sayPart('Demo', made > 0 ? `${made} sample tasks made` : 'the sample tasks are there already');
  }
  return {
    address,
    natsUrl: nats.url,
    databaseUrl: postgres.url,
    ending: endingOf(product, [nats, postgres], logFile),
  };
}

function noChromium(named: string | undefined): string {
  const why = named ? `${named} is no program` : 'none found';
  return `${why}: all but browser tasks works; install one or name it in CARILLON_CHROMIUM`;
}

async function startParts(
  options: PartOptions,
  undo: (() => Promise<void>)[],
): Promise<[Part, Part]> {
  const started = async (name: string, starting: Promise<Part>) => {
    const part = await starting;
    const { server } = part;
    if (server) undo.push(() => server.stop());
    sayPart(name, part.what);
    return part;
  };
  // Both are awaited even when one fails, so that the other one is stopped again.
  const [nats, postgres] = await Promise.allSettled([
    started('NATS', startNatsPart(options)),
    started('Postgres', startPostgresPart(options)),
  ]);
  if (nats.status === 'rejected') throw nats.reason;
  if (postgres.status === 'rejected') throw postgres.reason;
  return [nats.value, postgres.value];
}

async function buildWhenNeeded(root: string): Promise<void> {
  if (!isBuildStale(root)) return;
  const startedAt = performance.now();
  await build(root);
  sayPart('Build', `done in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

function endingOf(product: Product, parts: Part[], logFile: string): Promise<Ending> {
  const endings = [
    product.exited.then((how) => explain(`Carillon ended by itself with ${how}`, logFile)),
    ...parts.map((part) => part.server?.givenUp ?? new Promise<string>(() => {})),
  ];
  return Promise.race(endings).then((why) => ({ exitCode: 1, why }));
}

function explain(what: string, logFile: string): string {
  return [`${what}. The end of ${logFile}:`, ...lastWords(logFile).map((line) => `  ${line}`)].join(
    '\n',
  );
}

function readVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return version as string;
}
