import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commonSettings, type NatsPlace, readSettings } from '#libs/runtime';

export interface ReplaySettings extends NatsPlace {
  /** Undefined: what needs the read tables is left out. */
  readonly databaseUrl: string | undefined;
  readonly shards: number;
}

interface Running {
  readonly natsUrl?: string;
  readonly databaseUrl?: string;
}

/** NATS_URL and DATABASE_URL, or else those of the `npm start` that runs on the data folder. */
export function readReplaySettings(): ReplaySettings {
  const settings = readSettings({ common: commonSettings }, { env: process.env });
  const running = process.env.NATS_URL === undefined ? readRunning(settings.dataDir) : undefined;
  return {
    ...settings,
    natsUrl: running?.natsUrl ?? settings.natsUrl,
    databaseUrl: settings.databaseUrl ?? running?.databaseUrl,
  };
}

function readRunning(dataDir: string): Running | undefined {
  try {
    return JSON.parse(readFileSync(join(resolve(dataDir), 'carillon.lock'), 'utf8')) as Running;
  } catch {
    return undefined;
  }
}
