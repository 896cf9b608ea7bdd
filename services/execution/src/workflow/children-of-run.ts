import { type attempt as a, create, dispatch as d, envelope } from '#libs/contracts';
import { type Command, type Json, stepKey } from '#libs/workflow';
import { LIMITS } from '../limits.js';
import type { AskDispatch } from './ask-dispatch.js';
import { failed, type StepResult } from './step-result.js';

type ChildCall = Extract<Command['call'], { kind: 'task' | 'workflow' }>;

export interface ChildAsker {
  readonly ask: AskDispatch;
  readonly shard: number;
  readonly attempt: a.OfferedAttempt;
  readonly signal: AbortSignal;
}

/** Undefined: it was requested, and its end will come. Throws NoAnswer. */
export async function requestChild(
  asker: ChildAsker,
  call: ChildCall,
  command: Command,
): Promise<StepResult | undefined> {
  const { ask, shard, attempt, signal } = asker;
  const { executionId, account } = attempt;
  const isTask = call.kind === 'task';
  const given = isTask ? call.parameters : call.input;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return failed('validation', 'The input is no object', 'A child is given an object.');
  const told = create(d.CommandSchema, {
    id: `child:${command.idempotencyKey}`,
    account,
    keyed: true,
    actor: create(envelope.ActorSchema, {
      kind: envelope.ActorKind.SERVICE,
      id: executionId,
      origin: 'workflow',
    }),
    body: {
      case: 'startChild',
      value: create(d.StartChildSchema, {
        parentExecutionId: executionId,
        stepKey: stepKey(command.step),
        parametersJson: JSON.stringify(given),
        awaited: call.isAwaited,
        ...(isTask
          ? { task: call.task }
          : { workflowReference: `${call.namespace}/${call.name}:${call.version}` }),
      }),
    },
  });
  const result = await ask({ shard, command: told }, { giveUpMs: LIMITS.askGiveUpMs, signal });
  if (result.case === 'rejected')
    return failed('configuration', result.value.code, result.value.message);
  if (call.isAwaited || result.case === undefined) return undefined;
  return { output: { executionId: result.value.executionId } };
}

/** The result of a step whose child has ended. */
export function endOfChild(end: a.ChildEnd): StepResult {
  if (end.status === 'success')
    return { output: end.outputJson === '' ? {} : (JSON.parse(end.outputJson) as Json) };
  const why = end.errorCode === '' ? '' : ` ${end.errorCode}: ${end.errorMessage}`;
  return failed(
    end.status === 'timeout' ? 'timeout' : 'runtime',
    `The child execution ended as ${end.status}`,
    `Execution ${end.childExecutionId}.${why}`,
  );
}
