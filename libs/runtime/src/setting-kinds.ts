import { z } from 'zod';
import type { SettingRow } from './settings.js';

/** What a row needs beside its kind. */
export interface RowOptions<T> {
  readonly env: string;
  readonly says: string;
  readonly default: T;
}

const PORT_MAX = 65_535;

/** A text of the environment, or a number of the file, within limits. */
export function wholeNumber(
  options: RowOptions<number> & { min?: number; max?: number },
): SettingRow<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  const expected = `must be a whole number from ${min} to ${max}`;
  const schema = z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error: expected })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      error: expected,
    });
  return { env: options.env, says: options.says, schema: schema.default(options.default) };
}

/** 0 means any free port. */
export function port(options: RowOptions<number>): SettingRow<number> {
  return wholeNumber({ ...options, max: PORT_MAX });
}

/** A number between 0 and 1. */
export function ratio(options: RowOptions<number>): SettingRow<number> {
  const expected = 'must be a number from 0 to 1';
  const schema = z
    .union([z.number(), z.string().trim().min(1).transform(Number)], { error: expected })
    .refine((value) => value >= 0 && value <= 1, { error: expected });
  return { env: options.env, says: options.says, schema: schema.default(options.default) };
}

export function flag(options: RowOptions<boolean>): SettingRow<boolean> {
  const schema = z.union([z.boolean(), z.stringbool()], { error: 'must be true or false' });
  return { env: options.env, says: options.says, schema: schema.default(options.default) };
}

export function text(options: RowOptions<string>): SettingRow<string> {
  const schema = z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' });
  return { env: options.env, says: options.says, schema: schema.default(options.default) };
}

/** A text that may be left out. */
export function optionalText(
  options: Omit<RowOptions<string>, 'default'>,
): SettingRow<string | undefined> {
  const schema = z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' });
  return { env: options.env, says: options.says, schema: schema.optional() };
}

export function oneOf<const T extends string>(
  options: RowOptions<T> & { of: readonly T[] },
): SettingRow<T> {
  const schema = z.enum(options.of as [T, ...T[]], {
    error: `must be one of ${options.of.join(', ')}`,
  });
  return {
    env: options.env,
    says: options.says,
    schema: (schema as unknown as z.ZodType<T>).default(options.default as never) as z.ZodType<T>,
  };
}

/** An address of one of the given schemes; several may be listed with commas. */
export function address(
  options: Omit<RowOptions<string>, 'default'> & { schemes: readonly string[] },
): SettingRow<string | undefined> {
  const expected = `must be an address that starts with ${options.schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  const isAddress = (value: string) =>
    value.split(',').every((one) => {
      const url = URL.canParse(one.trim()) ? new URL(one.trim()) : undefined;
      return url !== undefined && options.schemes.includes(url.protocol.slice(0, -1));
    });
  const schema = z.string({ error: expected }).refine(isAddress, { error: expected });
  return { env: options.env, says: options.says, schema: schema.optional() };
}

/** The same, for a setting that has a value in any case. */
export function addressOr(
  options: RowOptions<string> & { schemes: readonly string[] },
): SettingRow<string> {
  const row = address(options);
  const schema = (row.schema as z.ZodType<string | undefined>).transform(
    (value) => value ?? options.default,
  );
  return { env: options.env, says: options.says, schema };
}
