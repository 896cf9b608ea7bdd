import { findChromium } from '#libs/parts';
import { type CommonSettings, oneOf, type SettingsOf, wholeNumber } from '#libs/runtime';
import type { BrowserSettings } from './child/protocol.js';

const SLOTS_MAX = 1_000;
/** Together with the last facts they must fit into the 20 s that an ordered stop may take. */
const DRAIN_GRACE_MAX_MS = 10_000;
const STOP_GRACE_MAX_MS = 5_000;

export const executionSettings = {
  systemSlots: wholeNumber({
    env: 'CARILLON_SYSTEM_SLOTS',
    default: 16,
    max: SLOTS_MAX,
    says: 'System tasks that this worker runs at the same time; 0: none.',
  }),
  browserSlots: wholeNumber({
    env: 'CARILLON_BROWSER_SLOTS',
    default: 2,
    max: SLOTS_MAX,
    says: 'Browser tasks at the same time, each with a Chromium of its own (about 300 MB); 0: none.',
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
  chromiumSandbox: oneOf({
    env: 'CARILLON_CHROMIUM_SANDBOX',
    of: ['auto', 'on', 'off'],
    default: 'auto',
    says: "Chromium's own sandbox. auto: on, except for root, for whom it does not work.",
  }),
};

export type ExecutionSettings = CommonSettings & SettingsOf<typeof executionSettings>;

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
