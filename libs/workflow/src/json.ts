export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own members only: a definition must not find `constructor` on an object that has none. */
export function member(value: unknown, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function jsonBytes(value: Json | undefined): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}

/** RFC 6901. */
export function pointer(parent: string, name: string | number): string {
  return `${parent}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((one, index) => sameJson(one, right[index]));
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]))
  );
}

/** Neither too deep to be written nor too long. The depth comes first: writing is recursive. */
export function isWithin(value: Json, most: { readonly depth: number; readonly bytes: number }) {
  return depthOf(value, most.depth) <= most.depth && jsonBytes(value) <= most.bytes;
}

/** How deep lists and objects stand within each other; stops counting at `atMost` + 1. */
export function depthOf(value: Json, atMost: number): number {
  let level: Json[] = [value];
  let depth = 0;
  while (level.length > 0 && depth <= atMost) {
    level = level.flatMap((one) =>
      Array.isArray(one) ? (one as Json[]) : isObject(one) ? Object.values(one) : [],
    );
    if (level.length > 0) depth++;
  }
  return depth;
}
