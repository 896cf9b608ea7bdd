/**
 * The published schema of the specification, as its own SDK checks it.
 *
 * The SDK has the schema of 1.0.0 and refuses what 1.0.1 to 1.0.3 added, and what is ours. So it is
 * shown a copy in which those few places say what 1.0.0 would have said; `check-definition.ts` looks
 * at them itself. It is loaded when it is first needed: it takes 400 ms, and only who saves needs it.
 */
import { enclosed } from './expression.js';
import { isObject, type Json, type JsonObject, member } from './json.js';
import { Problems, type WorkflowProblem } from './problem.js';

export async function shapeProblems(document: Json): Promise<readonly WorkflowProblem[]> {
  const { default: sdk } = await import('@serverlessworkflow/sdk');
  try {
    sdk.validate('Workflow', inWordsOfTheFirst(document));
    return [];
  } catch (error) {
    return problemsOf(error instanceof Error ? error.message : '');
  }
}

function inWordsOfTheFirst(value: Json): Json {
  if (Array.isArray(value)) return (value as Json[]).map(inWordsOfTheFirst);
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const [name, one] of Object.entries(value)) copy[name] = inWordsOfTheFirst(one);
  if (typeof copy['set'] === 'string' && enclosed(copy['set'])) copy['set'] = { value: '' };
  if (isObject(copy['run'])) copy['run'] = plainRun(copy['run']);
  if (copy['call'] === 'http' && isObject(copy['with'])) copy['with'] = plainCall(copy['with']);
  if (typeof member(copy['document'], 'dsl') === 'string')
    copy['document'] = { ...(copy['document'] as JsonObject), dsl: '1.0.0' };
  return copy;
}

function plainCall(given: JsonObject): JsonObject {
  const copy = { ...given };
  for (const name of ['headers', 'query']) if (typeof copy[name] === 'string') copy[name] = {};
  return copy as JsonObject;
}

function plainRun(run: JsonObject): JsonObject {
  const { task, ...rest } = run;
  if (task !== undefined)
    return { ...rest, workflow: { namespace: 'none', name: 'none', version: '1.0.0' } };
  const copy: Record<string, Json> = { ...rest };
  for (const name of ['script', 'shell']) {
    const definition = copy[name];
    if (!isObject(definition)) continue;
    const { stdin: _, arguments: given, ...others } = definition;
    copy[name] = isObject(given) ? { ...others, arguments: given } : others;
  }
  return copy;
}

// `- <pointer> | <place in the schema> | <message> | <parameters>`, a line each.
const LINE = /^- (\S*) \| (\S+) \| (.+) \| \{/;

// Said once for each kind of task that the value is none of.
const ALTERNATIVE = /exactly one schema|any of|equal to constant|NOT be valid/;

/** Of all alternatives that a value does not fit, those that looked furthest into it say most. */
function problemsOf(message: string): readonly WorkflowProblem[] {
  const found = message.split('\n').flatMap((line) => {
    const [, at = '', , said = ''] = LINE.exec(line) ?? [];
    return said === '' || ALTERNATIVE.test(said) ? [] : [{ at, said }];
  });
  const depth = (at: string) => at.split('/').length;
  const deepest = Math.max(0, ...found.map(({ at }) => depth(at)));
  const problems = new Problems();
  const told = new Set<string>();
  for (const { at, said } of found)
    if (depth(at) === deepest && !told.has(at + said)) {
      told.add(at + said);
      problems.add('shape-invalid', at, `It ${said}.`, 'Write it as the specification says.');
    }
  if (problems.list.length === 0)
    problems.add(
      'shape-invalid',
      '',
      message.split('\n', 1)[0] || 'It does not fit the specification.',
      'Write it as the specification says.',
    );
  return problems.list;
}
