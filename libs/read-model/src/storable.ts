/**
 * The edge between what events may say and what Postgres can hold. Every fact is accepted; what
 * can't be stored as it stands is changed here, always in the same way, and nowhere else.
 */

/** Columns that stand in an index: a B-tree entry may have 2,704 bytes, a character up to four. */
export const KEY_LENGTH_MAX = 128;
export const NAME_LENGTH_MAX = 300;
/** Deeper values are cut: JSON.stringify and Postgres both overflow their stacks at some depth. */
export const JSON_DEPTH_MAX = 200;
/** What stands in place of a value that lies too deep. */
const TOO_DEEP = '"(nested too deep)"';

const INT4_MAX = 2 ** 31 - 1;
/** Years 1 to 9999: what every reader of a timestamp can print. */
const INSTANT_MIN_MS = -62_135_596_800_000;
const INSTANT_MAX_MS = 253_402_300_799_999;

const REPLACEMENT = '\ufffd';

/** Postgres has no U+0000, and a lone surrogate is not a character: both become U+FFFD. */
export function text(value: string): string {
  const known = value.includes('\0') ? value.replaceAll('\0', REPLACEMENT) : value;
  return known.isWellFormed() ? known : known.toWellFormed();
}

/** Text of a key column. Ids of ours are far shorter; a stranger's is cut. */
export function key(value: string): string {
  return text(value.length > KEY_LENGTH_MAX ? value.slice(0, KEY_LENGTH_MAX) : value);
}

/** Text of an indexed name. */
export function name(value: string): string {
  return text(value.length > NAME_LENGTH_MAX ? value.slice(0, NAME_LENGTH_MAX) : value);
}

/** For ids that may be absent: events say so with an empty string. */
export function keyOrNull(value: string | undefined): string | null {
  return value ? key(value) : null;
}

export function int4(value: number): number {
  return Number.isNaN(value) ? 0 : Math.trunc(Math.min(INT4_MAX, Math.max(-INT4_MAX, value)));
}

export function int8(value: number): number {
  if (Number.isNaN(value)) return 0;
  const { MAX_SAFE_INTEGER: most } = Number;
  return Math.trunc(Math.min(most, Math.max(-most, value)));
}

export function instant(epochMs: number): Date {
  if (Number.isNaN(epochMs)) return new Date(0);
  return new Date(Math.trunc(Math.min(INSTANT_MAX_MS, Math.max(INSTANT_MIN_MS, epochMs))));
}

/** Our own values, such as settings: already of the right shape, but with strings from outside. */
export function jsonOf(value: object): string {
  return json(JSON.stringify(value));
}

export function jsonOrNull(source: string): string | null {
  return source === '' ? null : json(source);
}

/**
 * JSON text that jsonb takes and JSON.parse reads back: `\u0000` and lone surrogates become U+FFFD,
 * a number beyond the range of a double becomes the string of its digits, a value that lies too
 * deep is cut. What is no JSON at all is kept as a string under `unreadable`.
 */
export function json(source: string, whenEmpty = '{}'): string {
  if (source === '') return whenEmpty;
  try {
    JSON.parse(source);
  } catch {
    return JSON.stringify({ unreadable: text(source) });
  }
  return SUSPECT.test(source) || mayBeDeep(source) ? rewritten(source) : text(source);
}

/**
 * Escapes of U+0000 and of surrogates, U+0000 itself (legal in no JSON, so never there), long digits
 * and exponents. A hit costs a rewriting, nothing more: paired surrogates and `1e5` are kept.
 */
const SUSPECT = /\\u0000|\\u[dD][89a-fA-F]|[0-9]{16}|[0-9][eE][+-]?[0-9]/;

function mayBeDeep(source: string): boolean {
  if (source.length <= 2 * JSON_DEPTH_MAX) return false;
  let opened = 0;
  for (let i = 0; i < source.length; i++) {
    const unit = source.charCodeAt(i);
    if ((unit === 0x5b || unit === 0x7b) && ++opened > JSON_DEPTH_MAX) return true;
  }
  return false;
}

/** Tokens of a text that JSON.parse has accepted. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*|true|false|null|[[\]{},:]/g;

/** Token by token, because a value tree of any depth can't be walked on the stack. */
function rewritten(source: string): string {
  const out: string[] = [];
  let depth = 0;
  for (const [token] of source.matchAll(TOKEN)) {
    const opens = token === '[' || token === '{';
    const closes = token === ']' || token === '}';
    if (opens && ++depth === JSON_DEPTH_MAX + 1) out.push(TOO_DEEP);
    else if (depth <= JSON_DEPTH_MAX) out.push(rewrittenToken(token));
    if (closes) depth--;
  }
  return out.join('');
}

function rewrittenToken(token: string): string {
  const first = token.charCodeAt(0);
  if (first === 0x22) return JSON.stringify(text(JSON.parse(token) as string));
  const isNumber = first === 0x2d || (first >= 0x30 && first <= 0x39);
  if (!isNumber) return token;
  const value = Number(token);
  return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(token);
}
