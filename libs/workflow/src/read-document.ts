/** A definition as text: YAML 1.2, which JSON is a part of, read within bounds. */
import { parseDocument, visit } from 'yaml';
import { isObject, type Json, pointer } from './json.js';
import { WORKFLOW_LIMITS } from './limits.js';
import { Problems, type WorkflowProblem } from './problem.js';

export type ReadDocument =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly problems: readonly WorkflowProblem[] };

export function readDocument(text: string): ReadDocument {
  const problems = new Problems();
  const value = read(text, problems);
  return value === undefined || problems.list.length > 0
    ? { ok: false, problems: problems.list }
    : { ok: true, value };
}

function read(text: string, problems: Problems): Json | undefined {
  if (Buffer.byteLength(text) > WORKFLOW_LIMITS.documentBytes) {
    const most = `${WORKFLOW_LIMITS.documentBytes} bytes`;
    problems.add('document-too-large', '', `It is larger than ${most}.`, 'Split the workflow.');
    return undefined;
  }
  const written = parsed(text, problems);
  if (written === undefined || !isBounded(written, problems)) return undefined;
  // A copy: what an alias stood for is no longer the same object in two places.
  return JSON.parse(JSON.stringify(written)) as Json;
}

function parsed(text: string, problems: Problems): unknown {
  try {
    const document = parseDocument(text, { uniqueKeys: true, merge: false, logLevel: 'error' });
    for (const error of document.errors) {
      const [from] = error.linePos ?? [];
      const at = from ? `Line ${from.line}, column ${from.col}: ` : '';
      const said = error.message.split('\n', 1)[0];
      problems.add('document-unreadable', '', `${at}${said}`, 'Correct the YAML or JSON.');
    }
    if (document.errors.length > 0) return undefined;
    let aliases = 0;
    visit(document, { Alias: () => void aliases++ });
    if (aliases > WORKFLOW_LIMITS.aliases) {
      const message = `It has more than ${WORKFLOW_LIMITS.aliases} aliases.`;
      problems.add('document-too-deep', '', message, 'Write the values out.');
      return undefined;
    }
    return document.toJS({ maxAliasCount: WORKFLOW_LIMITS.aliases }) ?? null;
  } catch (error) {
    // The reader itself gave up: nesting beyond its stack, or aliases that multiply.
    const said = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
    problems.add('document-too-deep', '', `It can not be read: ${said}`, 'Make it plainer.');
    return undefined;
  }
}

/** Counts what aliases stand for each time that they stand for it. */
function isBounded(root: unknown, problems: Problems): boolean {
  let nodes = 0;
  const check = (value: unknown, at: string, depth: number): boolean => {
    if (++nodes > WORKFLOW_LIMITS.documentNodes || depth > WORKFLOW_LIMITS.documentDepth) {
      problems.add('document-too-deep', at, 'It has too many or too deep values.', 'Split it.');
      return false;
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      problems.add('value-invalid', at, 'JSON has no such number.', 'Write a finite number.');
      return false;
    }
    if (typeof value === 'bigint' || typeof value === 'symbol') {
      problems.add('value-invalid', at, 'JSON has no such value.', 'Write a text.');
      return false;
    }
    if (Array.isArray(value))
      return value.every((one, index) => check(one, pointer(at, index), depth + 1));
    if (!isObject(value)) return true;
    return Object.entries(value).every(([name, one]) => check(one, pointer(at, name), depth + 1));
  };
  return check(root, '', 0);
}
