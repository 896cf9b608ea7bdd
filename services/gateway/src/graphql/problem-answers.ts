import { type Logger } from '#libs/runtime';
import { type Changed } from '../commands/carry-out.js';
import { type GatewayParts } from '../gateway-parts.js';
import { notReadableYet, type RequestProblem } from '../problems/problem.js';
import { problemOf } from '../problems/problem-of.js';
import { DeleteAccepted, Problem } from './types/result-types.js';

/** A refusal as a value of the result union. Bugs are no answers: they are thrown, and masked. */
export async function orProblem<T>(log: Logger, work: () => Promise<T>): Promise<T | Problem> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error);
    if (problem.kind === 'internal-error') throw error;
    if (problem.status >= 500) log.error({ err: error }, 'a mutation failed');
    return problemAnswerOf(problem);
  }
}

/** What was changed, as it is read afterwards. */
export function orProblemReading<T>(
  parts: GatewayParts,
  change: () => Promise<Changed>,
  read: (id: string) => Promise<T>,
): Promise<T | Problem> {
  return orProblem(parts.log, async () => {
    const { id, position, isReadable } = await change();
    if (!isReadable) throw notReadableYet(position);
    return read(id);
  });
}

/** That it is gone. */
export function orProblemDeleting(
  parts: GatewayParts,
  change: () => Promise<Changed>,
): Promise<DeleteAccepted | Problem> {
  return orProblem(parts.log, async () => {
    const { id, position } = await change();
    const accepted = { __typename: 'DeleteAccepted', id, position: String(position) };
    return Object.assign(new DeleteAccepted(), accepted);
  });
}

function problemAnswerOf(problem: RequestProblem): Problem {
  const [first] = problem.faults;
  return Object.assign(new Problem(), {
    __typename: 'Problem',
    code: first?.code ?? problem.code,
    message: problem.message,
    field: first?.path ?? null,
    remedy: first?.remedy ?? null,
    problems: problem.faults.map(({ path, code, message, remedy, position }) => ({
      field: path,
      code,
      message,
      remedy: remedy ?? null,
      position: position ?? null,
    })),
  });
}
