/**
 * The key of a named limit: a CEL expression over `parameters` (a map), `task` and `account` (texts).
 *
 * It is evaluated once for each run, in the owner of a shard, so its cost is bounded where it is
 * defined: no macro that loops, no regular expression (JavaScript's may take for ever), few nodes, and
 * nothing but the three names. Only the definition and the request depend on the library; the key is
 * kept in the request.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';

export const KEY_EXPRESSION_LIMITS = {
  length: 500,
  nodes: 60,
  depth: 12,
  /** Of the key that comes out. */
  keyLength: 200,
} as const;

export interface KeyFacts {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly task: string;
  readonly account: string;
}

export interface KeyFault {
  readonly message: string;
  /** Of the character at fault, from 0. */
  readonly position: number;
}

export type KeyOutcome = { readonly key: string } | { readonly fault: string };
export type KeyExpression = (facts: KeyFacts) => KeyOutcome;

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: KEY_EXPRESSION_LIMITS.nodes,
    maxDepth: KEY_EXPRESSION_LIMITS.depth,
    maxListElements: 20,
    maxMapEntries: 20,
    maxCallArguments: 8,
  },
})
  .registerVariable('parameters', 'map')
  .registerVariable('task', 'string')
  .registerVariable('account', 'string');

/** Functions whose cost is that of their text; everything else is refused. */
const FUNCTIONS = new Set([
  'has',
  'size',
  'string',
  'int',
  'uint',
  'double',
  'bool',
  'type',
  'dyn',
  'contains',
  'startsWith',
  'endsWith',
  'lowerAscii',
  'upperAscii',
  'trim',
]);

/** Reads an expression; tells what is wrong with it, and where. */
export function readKeyExpression(text: string): KeyExpression | KeyFault {
  if (text.length > KEY_EXPRESSION_LIMITS.length) {
    const { length } = KEY_EXPRESSION_LIMITS;
    return { message: `A key expression has at most ${length} characters.`, position: length };
  }
  try {
    const parsed = environment.parse(text);
    const banned = firstBanned(parsed.ast);
    if (banned !== undefined) return banned;
    const { valid, type = 'dyn', error } = parsed.check();
    if (!valid) return faultOf(error);
    if (!KEY_TYPES.has(type))
      return { message: `A key is a text, a number or a boolean, not ${type}.`, position: 0 };
    return (facts) => evaluate(parsed, facts);
  } catch (error) {
    return faultOf(error);
  }
}

const KEY_TYPES = new Set(['string', 'int', 'uint', 'double', 'bool', 'dyn']);

function evaluate(parsed: (facts: object) => unknown, facts: KeyFacts): KeyOutcome {
  try {
    return keyOfValue(parsed({ ...facts }));
  } catch (error) {
    return { fault: faultOf(error).message };
  }
}

function keyOfValue(value: unknown): KeyOutcome {
  const kind = typeof value;
  if (kind !== 'string' && kind !== 'number' && kind !== 'bigint' && kind !== 'boolean')
    return { fault: 'The key is no text, number or boolean.' };
  const key = String(value).toWellFormed().replaceAll('\0', '\uFFFD');
  if (key.length > KEY_EXPRESSION_LIMITS.keyLength)
    return { fault: `The key has more than ${KEY_EXPRESSION_LIMITS.keyLength} characters.` };
  return { key };
}

/** By shape and not by class: an overflow of the stack is a fault of the expression, too. */
function faultOf(error: unknown): KeyFault {
  const { summary, message, range, node } = error as {
    summary?: string;
    message?: string;
    range?: { start: number };
    node?: { pos?: number };
  };
  const said = (summary ?? message ?? 'The expression cannot be read').split('\n')[0] ?? '';
  return { message: sentence(said), position: range?.start ?? node?.pos ?? 0 };
}

function sentence(text: string): string {
  const cut = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  return /[.!?…]$/.test(cut) ? cut : `${cut}.`;
}

function firstBanned(node: ASTNode): KeyFault | undefined {
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0];
    if (!FUNCTIONS.has(name))
      return { message: `A key may not use ${name}().`, position: node.range.start };
  }
  for (const part of [node.args].flat(3)) {
    if (!isNode(part)) continue;
    const banned = firstBanned(part);
    if (banned !== undefined) return banned;
  }
  return undefined;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
