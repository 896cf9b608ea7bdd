/**
 * Which step of a run a fact is about. The path is the JSON pointer of its task in the definition;
 * the iteration tells apart the visits of one task: an index for each `for` and `foreach` around it,
 * the number of the try for each `try`, and, where a list of tasks can jump back, the number of the
 * visit. So its length depends on the definition alone, and no two visits share an id.
 */
export interface StepId {
  readonly path: string;
  readonly iteration: readonly number[];
}

export function stepKey({ path, iteration }: StepId): string {
  return iteration.length === 0 ? path : `${path}#${iteration.join('.')}`;
}
