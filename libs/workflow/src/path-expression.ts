/**
 * Most expressions of a workflow are a path: `.`, `.order.id`, `$context.items[0]`. jq needs 3 ms for
 * any program, so these few forms are read here. They give what jq gives; a property test says so.
 */
import type { JqAnswer } from './jq.js';
import { isObject, type Json } from './json.js';

const PATH =
  /^\s*(?:(\.)|\$([A-Za-z_]\w*))((?:\.?[A-Za-z_]\w*)?(?:\.[A-Za-z_]\w*|\[\d{1,9}\])*)\s*$/;
const LINK = /([A-Za-z_]\w*)|\[(\d+)\]/g;

/** Undefined: not such a path; jq has to say. */
export function readPath(
  expression: string,
  input: Json,
  variables: Readonly<Record<string, Json>>,
): JqAnswer | undefined {
  const found = PATH.exec(expression);
  if (!found) return undefined;
  const [, dot, variable, links = ''] = found;
  // `..`, `$a b` and the like are no paths of ours.
  if (dot ? links.startsWith('.') : links !== '' && !/^[.[]/.test(links)) return undefined;
  if (variable !== undefined && !Object.hasOwn(variables, variable)) return undefined;
  let value = variable === undefined ? input : (variables[variable] as Json);
  for (const [, name, index] of links.matchAll(LINK)) {
    const next = name === undefined ? at(value, Number(index)) : under(value, name);
    if (next instanceof Unfit) return { ok: false, message: next.message };
    value = next;
  }
  return { ok: true, value };
}

/** Not a JSON value, so that none can be taken for it. */
class Unfit {
  readonly message: string;
  constructor(value: Json, by: string) {
    const type = Array.isArray(value) ? 'array' : typeof value;
    this.message = `Cannot index ${type} with ${by}`;
  }
}

function under(value: Json, name: string): Json | Unfit {
  if (value === null) return null;
  if (isObject(value)) return Object.hasOwn(value, name) ? (value[name] as Json) : null;
  return new Unfit(value, `"${name}"`);
}

function at(value: Json, index: number): Json | Unfit {
  if (value === null) return null;
  if (Array.isArray(value)) return (value[index] as Json | undefined) ?? null;
  return new Unfit(value, 'number');
}
