import { z } from 'zod';
import { BUILTIN_LIMITS as L } from './limits.js';

/**
 * Tasks whose parameters hold a program. Its text is never a template: a value of a run must not
 * become code. Values reach it as data, by `params` or by named variables of the environment.
 */

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Written by the runner itself, or read by the loader and the shell before the script begins. */
const ENV_RESERVED = /^(CARILLON_|LD_|BASH_ENV$|ENV$|NODE_)/;

const NUL = String.fromCharCode(0);
const program = z
  .string()
  .min(1)
  .refine((text) => text.trim() !== '', { error: 'is empty' })
  .refine((text) => byteLength(text) <= L.scriptBytes, {
    error: `more than ${L.scriptBytes} bytes`,
  })
  .refine((text) => !text.includes(NUL), { error: 'holds a NUL character' });

const network = z.enum(['none', 'full']).default('full');

export const ScriptRunSchema = z.strictObject({
  script: program,
  language: z.enum(['javascript', 'typescript']).default('typescript'),
  params: z.record(z.string(), z.unknown()).default({}),
  network,
});

export const ShellRunSchema = z.strictObject({
  script: program,
  shell: z.enum(['sh', 'bash']).default('sh'),
  env: z
    .record(
      z
        .string()
        .max(L.envNameChars)
        .regex(ENV_NAME, { error: 'not a name of a variable' })
        .refine((name) => !ENV_RESERVED.test(name), { error: 'a name that is reserved' }),
      z
        .string()
        .max(L.envValueChars)
        .refine((value) => !value.includes(NUL), { error: 'holds a NUL character' }),
    )
    .refine((all) => Object.keys(all).length <= L.envNames, { error: `more than ${L.envNames}` })
    .default({}),
  network,
});

export type ScriptRun = z.output<typeof ScriptRunSchema>;
export type ShellRun = z.output<typeof ShellRunSchema>;

/** In UTF-8, without the Node API: this lib runs in the browser too. */
const byteLength = (text: string) => new TextEncoder().encode(text).length;
