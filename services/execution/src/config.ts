import { z } from 'zod';
import { SUBJECT_TOKEN } from '#libs/contracts';
import { findChromium } from '#libs/parts';
import {
  type CommonSettings,
  oneOf,
  optionalText,
  type SettingRow,
  type SettingsOf,
  wholeNumber,
} from '#libs/runtime';
import type { BrowserSettings } from './child/protocol.js';

const SLOTS_MAX = 1_000;
/** Together with the last facts they must fit into the 20 s that an ordered stop may take. */
const DRAIN_GRACE_MAX_MS = 10_000;
const STOP_GRACE_MAX_MS = 5_000;

/** `name<sign>value, ...` as a map; in the file it may be an object. */
function listOf<T>(
  options: { readonly env: string; readonly says: string; readonly sign: ':' | '=' },
  read: (text: string) => T | undefined,
): SettingRow<ReadonlyMap<string, T> | undefined> {
  const { env, says, sign } = options;
  const error = `must be a list such as name${sign}value, with commas in between`;
  const fromText = (text: string) =>
    text.split(',').map((item): [string, string] => {
      const at = item.indexOf(sign);
      return [item.slice(0, Math.max(0, at)).trim(), item.slice(at + 1).trim()];
    });
  const schema = z
    .union(
      [
        z.string().transform(fromText),
        z.record(z.string(), z.coerce.string()).transform(Object.entries<string>),
      ],
      { error },
    )
    .transform((pairs, context) => {
      const map = new Map<string, T>();
      for (const [name, text] of pairs) {
        const value = SUBJECT_TOKEN.test(name) ? read(text) : undefined;
        if (value === undefined) context.addIssue({ code: 'custom', message: error });
        else map.set(name, value);
      }
      return map as ReadonlyMap<string, T>;
    });
  return { env, says, schema: schema.optional() };
}

const slotCount = (text: string) =>
  /^\d{1,4}$/.test(text) && Number(text) <= SLOTS_MAX ? Number(text) : undefined;

const labelValue = (text: string) => (text.length > 0 && text.length <= 64 ? text : undefined);

export const executionSettings = {
  pools: listOf(
    {
      env: 'CARILLON_POOLS',
      sign: ':',
      says: 'Slots by pool, instead of the three settings below: `gpu:4,system:16`.',
    },
    slotCount,
  ),
  workerLabels: listOf(
    {
      env: 'CARILLON_WORKER_LABELS',
      sign: '=',
      says: 'What this worker has that others lack: `site=berlin,gpu=yes`. A task may ask for it.',
    },
    labelValue,
  ),
  region: optionalText({
    env: 'CARILLON_REGION',
    says: 'Where this worker is; a task may ask for it by the label `region`.',
  }),
  systemSlots: wholeNumber({
    env: 'CARILLON_SYSTEM_SLOTS',
    // Built-ins do little but wait, many of them on one child.
    default: 128,
    max: SLOTS_MAX,
    says: 'System tasks that this worker runs at the same time; 0: none.',
  }),
  browserSlots: wholeNumber({
    env: 'CARILLON_BROWSER_SLOTS',
    default: 2,
    max: SLOTS_MAX,
    says: 'Browser tasks at the same time, each with a Chromium of its own (about 300 MB); 0: none.',
  }),
  workflowSlots: wholeNumber({
    env: 'CARILLON_WORKFLOW_SLOTS',
    default: 16,
    max: SLOTS_MAX,
    says: 'Runs of workflows at the same time; one that waits has no slot. 0: none.',
  }),
  drainGraceMs: wholeNumber({
    env: 'CARILLON_DRAIN_GRACE_MS',
    default: 8_000,
    max: DRAIN_GRACE_MAX_MS,
    says: 'How long a stop waits for running attempts before it hands them back.',
  }),
  stopGraceMs: wholeNumber({
    env: 'CARILLON_STOP_GRACE_MS',
    default: STOP_GRACE_MAX_MS,
    max: STOP_GRACE_MAX_MS,
    says: 'How long a cancelled or timed-out attempt has to end by itself before it is killed.',
  }),
  sandbox: oneOf({
    env: 'CARILLON_SANDBOX',
    of: ['auto', 'require', 'off'],
    default: 'auto',
    says: 'The box around the code of users. auto: as good as this machine can; require: no start without it.',
  }),
  chromiumSandbox: oneOf({
    env: 'CARILLON_CHROMIUM_SANDBOX',
    of: ['auto', 'on', 'off'],
    default: 'auto',
    says: "Chromium's own sandbox. auto: on, except for root, for whom it does not work.",
  }),
};

export type ExecutionSettings = CommonSettings & SettingsOf<typeof executionSettings>;

/** Where the finders of programs look. */
export const finderEnvironment = (): NodeJS.ProcessEnv => process.env;

/** The browser of browser tasks; undefined when there is none on this machine. */
export function browserOf(settings: ExecutionSettings): BrowserSettings | undefined {
  const named = settings.chromium === undefined ? {} : { CARILLON_CHROMIUM: settings.chromium };
  const found = findChromium({ ...process.env, ...named });
  if (found === undefined) return undefined;
  const { chromiumSandbox } = settings;
  const isRoot = process.getuid?.() === 0;
  return {
    executablePath: found.binary,
    sandbox: chromiumSandbox === 'on' || (chromiumSandbox === 'auto' && !isRoot),
  };
}
