import { FLOW_LIMITS } from './limits.js';

/**
 * `{{name}}` in a string. Names are paths: `parameters.x` (short: `x`), `slot.local`,
 * `slot.nominal`, `slot.zone`. `\{{` is a literal `{{`. There are no expressions: what needs more
 * than a value belongs into the parameters.
 */
export interface TemplateScope {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly slot: {
    /** Local time of the slot in its zone, such as `2026-03-29T09:00:00`. */
    readonly local: string;
    /** The slot's nominal instant, ISO 8601 in UTC. */
    readonly nominal: string;
    readonly zone: string;
  };
}

/** Why a template can't be read or filled in. */
export interface TemplateFault {
  readonly code: 'unclosed' | 'bad-name' | 'unknown-name' | 'not-a-scalar' | 'too-long';
  readonly name: string;
  readonly message: string;
}

type Part = { readonly literal: string } | { readonly path: readonly string[] };

const SLOT_NAMES = ['local', 'nominal', 'zone'] as const;
const PATH = /^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/;
/** Never a parameter of ours, and a door into the object's own machinery. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** The templates' names of one string in full form (`parameters.x`), or its first fault. */
export function templateNames(text: string): readonly string[] | TemplateFault {
  const parts = parse(text);
  if ('code' in parts) return parts;
  return parts.flatMap((part) => ('path' in part ? [part.path.join('.')] : []));
}

/** The string with every template filled in, or the first fault. */
export function fillTemplate(text: string, scope: TemplateScope): string | TemplateFault {
  const parts = parse(text);
  if ('code' in parts) return parts;
  let filled = '';
  for (const part of parts) {
    if ('literal' in part) filled += part.literal;
    else {
      const value = lookUp(part.path, scope);
      if (typeof value !== 'string') return value;
      filled += value;
    }
    if (filled.length > FLOW_LIMITS.filledChars)
      return {
        code: 'too-long',
        name: '',
        message: `filled in it is longer than ${FLOW_LIMITS.filledChars} characters`,
      };
  }
  return filled;
}

function parse(text: string): readonly Part[] | TemplateFault {
  const parts: Part[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('{{', from);
    if (open < 0) break;
    if (text[open - 1] === '\\' && open > from) {
      parts.push({ literal: `${text.slice(from, open - 1)}{{` });
      from = open + 2;
      continue;
    }
    const close = text.indexOf('}}', open + 2);
    if (close < 0) return { code: 'unclosed', name: '', message: '"{{" is never closed by "}}"' };
    const name = text.slice(open + 2, close).trim();
    const path = pathOf(name);
    if ('code' in path) return path;
    parts.push({ literal: text.slice(from, open) }, { path });
    from = close + 2;
  }
  parts.push({ literal: text.slice(from) });
  return parts;
}

function pathOf(name: string): readonly string[] | TemplateFault {
  const path = name.split('.');
  if (!PATH.test(name) || path.some((one) => FORBIDDEN.has(one)))
    return { code: 'bad-name', name, message: `"{{${name}}}" is not a name` };
  if (path[0] === 'parameters' && path.length > 1) return path;
  if (path[0] === 'slot' && path.length > 1) {
    if (path.length === 2 && SLOT_NAMES.some((one) => one === path[1])) return path;
    return {
      code: 'unknown-name',
      name,
      message: `a slot has no "${path.slice(1).join('.')}"; it has ${SLOT_NAMES.join(', ')}`,
    };
  }
  return ['parameters', ...path];
}

function lookUp(path: readonly string[], scope: TemplateScope): string | TemplateFault {
  const name = path.join('.');
  let value: unknown = scope;
  for (const one of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, one))
      return { code: 'unknown-name', name, message: `there is no "${name}"` };
    value = (value as Record<string, unknown>)[one];
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return {
    code: 'not-a-scalar',
    name,
    message: `"${name}" is ${value === null ? 'null' : `an ${Array.isArray(value) ? 'array' : 'object'}`}; only text, numbers and booleans can be filled in`,
  };
}
