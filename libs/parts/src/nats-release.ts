import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.js';
import { systemClock } from './system-clock.js';

/** The official release that is fetched, with the SHA-256 of each platform's archive. */
const RELEASE = {
  version: '2.15.0',
  sha256: {
    'darwin-amd64': '5bd8b59ca5bf93fab3da2c5843cf564cd6e2e291e22ae3b861746e7ebe259b95',
    'darwin-arm64': 'e1c4e22d70bd44abfa0bcb3c16f7cf0c66f648c2e728c58924e8a1ce88913cc8',
    'linux-amd64': '5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92',
    'linux-arm64': 'cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112',
  } as Readonly<Record<string, string>>,
};

const ANSWER_TIMEOUT_MS = 5_000;
const DOWNLOAD_TIMEOUT_MS = 120_000;
const UNPACK_TIMEOUT_MS = 30_000;

export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/**
 * Downloads the pinned archive, compares its SHA-256 before anything of it is used, and hands the
 * unpacked binary to `keep`.
 */
export async function fetchNatsRelease<T>(
  platform: Platform,
  keep: (binary: string) => Promise<T>,
): Promise<T> {
  const name = `${platform.os}-${platform.arch === 'x64' ? 'amd64' : platform.arch}`;
  const expected = RELEASE.sha256[name];
  if (expected === undefined) throw new Error(`no checksum is pinned for ${name}`);

  const folder = `nats-server-v${RELEASE.version}-${name}`;
  const url = `https://github.com/nats-io/nats-server/releases/download/v${RELEASE.version}/${folder}.tar.gz`;
  const archive = await download(url);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected)
    throw new Error(`the archive's SHA-256 is ${actual}, not the pinned one`);

  const work = await mkdtemp(join(tmpdir(), 'carillon-nats-'));
  try {
    const packed = join(work, 'nats-server.tar.gz');
    await writeFile(packed, archive);
    await runCommand('tar', ['-xzf', packed, '-C', work], { timeoutMs: UNPACK_TIMEOUT_MS });
    return await keep(join(work, folder, 'nats-server'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A server that does not begin to answer is given up soon; one that does may take its time. */
async function download(url: string): Promise<Uint8Array> {
  const noAnswer = new AbortController();
  const limit = systemClock.setTimer(
    () => noAnswer.abort(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)),
    ANSWER_TIMEOUT_MS,
  );
  try {
    const signal = AbortSignal.any([noAnswer.signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
    const response = await fetch(url, { signal });
    limit.cancel();
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return await response.bytes();
  } finally {
    limit.cancel();
  }
}
