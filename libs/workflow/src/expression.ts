import { type Json, pointer } from './json.js';

/** `${ ... }` around the whole of a text. Anything else is a text. */
const ENCLOSED = /^\s*\$\{([\s\S]+)\}\s*$/;

/** What is within the brackets; undefined: not an expression. */
export function enclosed(text: string): string | undefined {
  return ENCLOSED.exec(text)?.[1]?.trim();
}

/** Where the DSL wants an expression, the brackets may be left out. */
export function bare(text: string): string {
  return enclosed(text) ?? text.trim();
}

const VARIABLE = /\$([A-Za-z_]\w*)/g;

/** Variables that an expression may mean. One too many costs a little, one too few would be wrong. */
export function variablesIn(expression: string): readonly string[] {
  return [...new Set([...expression.matchAll(VARIABLE)].map(([, name]) => name as string))];
}

// Not `${HOME}`: a shell may mean that.
const EMBEDDED = /\$\{\s*[.$("[{]|\$\{\s/;

/** An expression within a text, which the strict mode takes for a part of the text. */
export function hasEmbedded(text: string): boolean {
  return enclosed(text) === undefined && EMBEDDED.test(text);
}

/** Every expression in brackets within a value, with its place. */
export function* expressionsIn(
  value: Json | undefined,
  at: string,
): Iterable<readonly [string, string]> {
  if (typeof value === 'string') {
    const expression = enclosed(value);
    if (expression !== undefined) yield [at, expression];
  } else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value)) yield* expressionsIn(one, pointer(at, name));
}
