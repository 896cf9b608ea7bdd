import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { commonSettings } from './common-settings.js';
import { flag, wholeNumber } from './setting-kinds.js';
import { readSettings, SettingsInvalid } from './settings.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const own = {
  tickEveryMs: wholeNumber({
    env: 'CARILLON_TICK_EVERY_MS',
    min: 10,
    max: 1_000,
    default: 50,
    says: 'Pause between two looks at what is due.',
  }),
  isEager: flag({ env: 'CARILLON_EAGER', default: false, says: 'Whether it hurries.' }),
};
const table = { common: commonSettings, section: 'ticker', own } as const;

function file(content: unknown) {
  writeFileSync(join(folder, 'carillon.config.json'), JSON.stringify(content));
}

function badOf(read: () => unknown): Record<string, string> {
  try {
    read();
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error;
    return Object.fromEntries(error.bad.map(({ name, problem }) => [name, problem]));
  }
  throw new Error('nothing was refused');
}

test('has a default for everything that can have one', () => {
  const settings = readSettings(table, { env: {}, folder });
  expect(settings).toMatchObject({
    port: 7070,
    natsUrl: 'nats://127.0.0.1:4222',
    natsToken: undefined,
    natsCredentials: undefined,
    databaseUrl: undefined,
    tickEveryMs: 50,
    isEager: false,
  });
});

test('takes the environment before the file and the file before the default', () => {
  file({ port: 8080, logLevel: 'debug', ticker: { tickEveryMs: 20, isEager: true } });
  const env = { CARILLON_PORT: '9090', CARILLON_TICK_EVERY_MS: '30' };
  expect(readSettings(table, { env, folder })).toMatchObject({
    port: 9090,
    logLevel: 'debug',
    tickEveryMs: 30,
    isEager: true,
  });
});

test('treats an empty variable as one that is not set', () => {
  expect(readSettings(table, { env: { CARILLON_PORT: '' }, folder }).port).toBe(7070);
});

test('names every bad field at once, as it was written, and tells no value', () => {
  file({ host: 7, prot: 1, ticker: { tickEveryMs: 5, speed: 9 }, gateway: { anything: 1 } });
  const env = { CARILLON_PORT: '70.5', DATABASE_URL: 'mysql://root:secret@db', NATS_URL: 'here' };
  const bad = badOf(() => readSettings(table, { env, folder }));
  expect(bad).toEqual({
    CARILLON_PORT: 'must be a whole number from 0 to 65535',
    DATABASE_URL: 'must be an address that starts with postgres:// or postgresql://',
    NATS_URL: 'must be an address that starts with nats:// or tls://',
    host: 'must be a text',
    prot: 'is no setting that is known here',
    'ticker.tickEveryMs': 'must be a whole number from 10 to 1000',
    'ticker.speed': 'is no setting that is known here',
  });
  expect(JSON.stringify(bad)).not.toContain('secret');
});

test('takes several NATS servers', () => {
  const env = { NATS_URL: 'nats://a:4222,nats://b:4222' };
  expect(readSettings(table, { env, folder }).natsUrl).toBe(env.NATS_URL);
});

test('refuses a file that was named and is not there, and one that is no JSON', () => {
  const missing = { CARILLON_CONFIG: 'other.json' };
  expect(badOf(() => readSettings(table, { env: missing, folder }))).toEqual({
    CARILLON_CONFIG: `there is no file ${join(folder, 'other.json')}`,
  });
  writeFileSync(join(folder, 'other.json'), '{ port: 1 }');
  const bad = badOf(() => readSettings(table, { env: missing, folder }));
  expect(bad[join(folder, 'other.json')]).toMatch(/^is not JSON/);
});
