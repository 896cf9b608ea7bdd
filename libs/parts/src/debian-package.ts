import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from './find-executable.js';
import { runCommand } from './run-command.js';

/** The keys that sign the archives of the distributions. */
const KEYRINGS: Readonly<Record<string, string>> = {
  debian: '/usr/share/keyrings/debian-archive-keyring.gpg',
  ubuntu: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
};

export interface DebianPackage {
  readonly name: string;
  /** The program inside. */
  readonly program: string;
  /** By distribution; no suite: the one that the machine runs. */
  readonly places: Readonly<
    Record<string, { readonly suite?: string; readonly component: string }>
  >;
}

const APT_TIMEOUT_MS = 120_000;
const APT_CONNECT_TIMEOUT_S = 10;

/**
 * Fetches a package of the distribution and hands the unpacked program to `keep`. Root
 * is not needed and nothing is installed: apt works in a folder of its own, from a sources list
 * that names the machine's own mirror, and checks the archive's signature as it always does.
 */
export async function fetchDebianPackage<T>(
  wanted: DebianPackage,
  path: string | undefined,
  keep: (binary: string) => Promise<T>,
): Promise<T> {
  for (const tool of ['apt-get', 'apt-config', 'dpkg-deb']) {
    if (findOnPath(tool, path).length === 0) throw new Error(`no ${tool} here`);
  }
  const distribution = await distributionName();
  const place = wanted.places[distribution];
  const keyring = KEYRINGS[distribution];
  if (!place || !keyring)
    throw new Error(`no package of ${distribution || 'this system'} is known`);
  if (!existsSync(keyring)) throw new Error(`${keyring} is missing`);
  const own = await ownSuite(place.component);

  const work = await mkdtemp(join(tmpdir(), 'carillon-apt-'));
  try {
    const suite = place.suite ?? own.codename;
    const source = `deb [signed-by=${keyring}] ${own.mirror} ${suite} ${place.component}\n`;
    const apt = await aptIn(work, source);
    await apt('update');
    await apt('download', wanted.name);
    const archive = (await readdir(work)).find((file) => file.endsWith('.deb'));
    if (!archive) throw new Error('apt-get downloaded nothing');
    const root = join(work, 'root');
    const timeoutMs = APT_TIMEOUT_MS;
    await runCommand('dpkg-deb', ['-x', join(work, archive), root], { timeoutMs });
    const places = ['usr/sbin', 'usr/bin'].map((folder) => join(root, folder, wanted.program));
    const binary = places.find((one) => existsSync(one));
    if (!binary) throw new Error(`the package holds no ${wanted.program}`);
    return await keep(binary);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** An apt-get that knows the one source and writes nowhere but into the folder. */
async function aptIn(
  work: string,
  source: string,
): Promise<(...args: string[]) => Promise<string>> {
  await mkdir(join(work, 'lists', 'partial'), { recursive: true });
  await mkdir(join(work, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(join(work, 'sources.list'), source);
  const config = [
    ...(await ownAcquireSettings()),
    `Acquire::http::Timeout "${APT_CONNECT_TIMEOUT_S}";`,
    `Acquire::https::Timeout "${APT_CONNECT_TIMEOUT_S}";`,
    'Acquire::Retries "1";',
    'Acquire::Languages "none";',
    'Acquire::PDiffs "false";',
    // A mirror may be a snapshot. Its signature is checked all the same, and so is the version of
    // the server inside, so that an old archive can only be refused for being old.
    'Acquire::Check-Valid-Until "false";',
    // As root apt would give up its rights and then could not enter the folder.
    'APT::Sandbox::User "root";',
    // The machine's own configuration stays out: its hooks are for its own packages.
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    `Dir::Etc::sourcelist "${join(work, 'sources.list')}";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::State::lists "${join(work, 'lists')}";`,
    'Dir::State::status "/dev/null";',
    `Dir::Cache "${join(work, 'cache')}";`,
  ];
  const configFile = join(work, 'apt.conf');
  await writeFile(configFile, `${config.join('\n')}\n`);
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', APT_CONFIG: configFile };
  return (...args) =>
    runCommand('apt-get', ['-qq', ...args], { cwd: work, env, timeoutMs: APT_TIMEOUT_MS });
}

/** How the machine reaches its mirror (proxies above all) holds for this one download too. */
async function ownAcquireSettings(): Promise<string[]> {
  const said = await runCommand('apt-config', ['dump'], { timeoutMs: APT_TIMEOUT_MS });
  return said
    .split('\n')
    .filter((line) => /^Acquire::https?::/.test(line) && !/Timeout/.test(line));
}

async function distributionName(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID="?([a-z]+)"?$/m.exec(release)?.[1] ?? '';
}

async function ownSuite(component: string): Promise<{ mirror: string; codename: string }> {
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
  const said = await runCommand(
    'apt-get',
    ['indextargets', '--format', format, 'Created-By: Packages'],
    { timeoutMs: APT_TIMEOUT_MS },
  );
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1];
  const rows = said.split('\n').map((line) => line.split(' '));
  const own = rows.find((row) => row[1] === codename && row[2] === component);
  if (!own?.[0] || !codename) throw new Error('the machine has no mirror of its own distribution');
  return { mirror: own[0], codename };
}
