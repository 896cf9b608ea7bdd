import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type CommonSettings,
  optionalText,
  SettingsInvalid,
  type SettingsOf,
  text,
  wholeNumber,
} from '#libs/runtime';
import { COMMAND_DEADLINE_MS, POSITION_WAIT_MS } from './limits.js';

/** Where the build puts the admin: beside the build of this file, or above it when run from source. */
const BUILT_ADMIN = fileURLToPath(new URL('../../../admin', import.meta.url));

/** Settings of the gateway alone. */
export const gatewaySettings = {
  adminDir: text({
    env: 'CARILLON_ADMIN_DIR',
    default: BUILT_ADMIN,
    says: 'Folder with the built admin.',
  }),
  publicHosts: optionalText({
    env: 'CARILLON_PUBLIC_HOSTS',
    says: 'Host names, with commas, that the gateway is reached by beside its own address.',
  }),
  postgresPool: wholeNumber({
    env: 'CARILLON_GATEWAY_POOL',
    default: 10,
    min: 1,
    max: 200,
    says: 'Connections to Postgres.',
  }),
  commandDeadlineMs: wholeNumber({
    env: 'CARILLON_COMMAND_DEADLINE_MS',
    default: COMMAND_DEADLINE_MS,
    min: 100,
    max: 60_000,
    says: 'How long a command is sent again while nobody answers.',
  }),
  positionWaitMs: wholeNumber({
    env: 'CARILLON_POSITION_WAIT_MS',
    default: POSITION_WAIT_MS,
    min: 0,
    max: 30_000,
    says: 'How long an answer waits for the read model to have what the command did.',
  }),
};

export type GatewaySettings = Pick<CommonSettings, 'host' | 'port' | 'shards'> &
  SettingsOf<typeof gatewaySettings>;

export function databaseUrlOf({ databaseUrl }: Pick<CommonSettings, 'databaseUrl'>): string {
  if (databaseUrl) return databaseUrl;
  throw new SettingsInvalid([
    { name: 'DATABASE_URL', problem: 'must be set: what the API tells is read from there' },
  ]);
}

/** The version of the package that this file is part of, built or not. */
export function packageVersion(from: string = import.meta.url): string {
  const folder = new URL('.', from);
  const file = new URL('package.json', folder);
  if (existsSync(file))
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  const above = new URL('..', folder);
  return above.href === folder.href ? 'unknown' : packageVersion(above.href);
}
