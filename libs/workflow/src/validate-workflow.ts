import { definitionProblems } from './check-definition.js';
import type { Workflow } from './definition.js';
import type { Jq } from './jq.js';
import { isObject, type Json } from './json.js';
import type { WorkflowProblem } from './problem.js';
import { readDocument } from './read-document.js';
import { shapeProblems } from './sdk-shape.js';
import { unsupportedIn } from './support.js';

export type WorkflowResult =
  | { readonly ok: true; readonly workflow: Workflow }
  | { readonly ok: false; readonly problems: readonly WorkflowProblem[] };

/**
 * Text to a definition that can be run, or everything that is wrong with it. First what is not run,
 * by name, then the schema of the specification, then what no schema can say: each looks only at
 * what the one before let pass. Without jq, expressions are not compiled.
 */
export async function validateWorkflow(text: string, jq?: Jq): Promise<WorkflowResult> {
  const read = readDocument(text);
  if (!read.ok) return read;
  const problems = await problemsIn(read.value, jq);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, workflow: read.value as unknown as Workflow };
}

async function problemsIn(document: Json, jq?: Jq): Promise<readonly WorkflowProblem[]> {
  if (!isObject(document))
    return [
      {
        code: 'shape-invalid',
        pointer: '',
        message: 'It is no workflow.',
        remedy: 'Write an object with `document` and `do`.',
      },
    ];
  const unsupported = unsupportedIn(document);
  if (unsupported.length > 0) return unsupported;
  const misshapen = await shapeProblems(document);
  if (misshapen.length > 0) return misshapen;
  return definitionProblems(document as unknown as Workflow, jq);
}

/** A definition that was validated when it was saved, as a run reads it again. */
export function readWorkflow(text: string): Workflow {
  const read = readDocument(text);
  if (!read.ok) throw new Error('A saved definition can be read.');
  return read.value as unknown as Workflow;
}
