import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';

/** One setting: where it comes from, what it may be, and the line that explains it. */
export interface SettingRow<T = unknown> {
  /** Name in the environment. In the file it is the row's own key. */
  readonly env: string;
  /** Texts come from the environment, JSON values from the file: the schema takes both. */
  readonly schema: z.ZodType<T>;
  readonly says: string;
}

export type SettingRows = Readonly<Record<string, SettingRow>>;

export type SettingsOf<R extends SettingRows> = {
  readonly [K in keyof R]: R[K] extends SettingRow<infer T> ? T : never;
};

export interface SettingSources {
  readonly env: NodeJS.ProcessEnv;
  /** Where a relative path to the file starts; left out: the working folder. */
  readonly folder?: string;
}

/** One bad field, named as the reader wrote it. Values are not told: some are secret. */
export interface BadSetting {
  readonly name: string;
  readonly problem: string;
}

export class SettingsInvalid extends Error {
  readonly code = 'settings-invalid';
  readonly bad: readonly BadSetting[];

  constructor(bad: readonly BadSetting[]) {
    const lines = bad.map(({ name, problem }) => `  ${name}: ${problem}`);
    super(`These settings can't be used:\n${lines.join('\n')}`);
    this.bad = bad;
  }
}

export const CONFIG_FILE = 'carillon.config.json';
const CONFIG_FILE_ENV = 'CARILLON_CONFIG';

/** Names a section of the file may have, each holding the settings of one service alone. */
const SECTIONS = [
  'definitions',
  'ticker',
  'dispatch',
  'execution',
  'projection',
  'gateway',
  'replay',
] as const;

export type Section = (typeof SECTIONS)[number];

/** Which rows may stand where in the file. */
export interface SettingTable<C extends SettingRows, S extends SettingRows> {
  readonly common: C;
  readonly section?: Section;
  readonly own?: S;
}

/**
 * Reads settings: the environment wins over the file, the file over the defaults. Every bad field is
 * told at once, and a key of the file that nobody knows is one of them.
 */
export function readSettings<C extends SettingRows, S extends SettingRows = Record<never, never>>(
  table: SettingTable<C, S>,
  sources: SettingSources,
): SettingsOf<C> & SettingsOf<S> {
  const bad: BadSetting[] = [];
  const file = readFile(sources, bad);
  const section = table.section ? asObject(file[table.section], table.section, bad) : {};
  refuseUnknown(file, [...Object.keys(table.common), ...SECTIONS], '', bad);
  if (table.section) refuseUnknown(section, Object.keys(table.own ?? {}), table.section, bad);

  const values: Record<string, unknown> = {};
  const take = (rows: SettingRows, from: Record<string, unknown>, prefix: string) => {
    for (const [key, row] of Object.entries(rows)) {
      const given = sources.env[row.env];
      const isFromEnv = given !== undefined && given !== '';
      const parsed = row.schema.safeParse(isFromEnv ? given : from[key]);
      if (parsed.success) values[key] = parsed.data;
      else {
        const name = isFromEnv || from[key] === undefined ? row.env : `${prefix}${key}`;
        bad.push({ name, problem: problemOf(parsed.error) });
      }
    }
  };
  take(table.common, file, '');
  take(table.own ?? {}, section, `${table.section}.`);
  if (bad.length > 0) throw new SettingsInvalid(bad);
  return values as SettingsOf<C> & SettingsOf<S>;
}

function readFile({ env, folder }: SettingSources, bad: BadSetting[]): Record<string, unknown> {
  const named = env[CONFIG_FILE_ENV];
  const path = resolve(folder ?? '.', named || CONFIG_FILE);
  if (!existsSync(path)) {
    if (named) bad.push({ name: CONFIG_FILE_ENV, problem: `there is no file ${path}` });
    return {};
  }
  try {
    return asObject(JSON.parse(readFileSync(path, 'utf8')), path, bad);
  } catch (error) {
    bad.push({ name: path, problem: `is not JSON: ${(error as Error).message}` });
    return {};
  }
}

function asObject(value: unknown, name: string, bad: BadSetting[]): Record<string, unknown> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  bad.push({ name, problem: 'must be an object' });
  return {};
}

function refuseUnknown(
  from: Record<string, unknown>,
  known: readonly string[],
  section: string,
  bad: BadSetting[],
): void {
  for (const key of Object.keys(from)) {
    if (known.includes(key) || key === '$schema') continue;
    const name = section ? `${section}.${key}` : key;
    bad.push({ name, problem: 'is no setting that is known here' });
  }
}

function problemOf(error: z.ZodError): string {
  return error.issues.map((issue) => issue.message).join('; ');
}
