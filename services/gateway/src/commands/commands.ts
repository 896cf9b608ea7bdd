import {
  create,
  dispatch,
  envelope,
  fromBinary,
  shardOf,
  subjects,
  task,
  toBinary,
} from '#libs/contracts';
import { currentTraceparent, inSpan } from '#libs/runtime';
import { type Caller } from '../identity.js';
import { RequestProblem } from '../problems/problem.js';
import { rejectedBy } from '../problems/rejection.js';
import { type CommandWire, sendCommand } from './send-command.js';

/** From a request to a command of the log, and back from its reply. */

export type DefinitionCommand = task.Command['body'];
export type DispatchCommand = dispatch.Command['body'];

export interface CommandContext {
  readonly wire: CommandWire;
  readonly shards: number;
  readonly caller: Caller;
  readonly commandId: string;
  /** The id stands for a key of the caller. */
  readonly keyed: boolean;
}

/** To `services/definitions`. Throws the problem that its rejection is. */
export async function defineBy(
  context: CommandContext,
  body: DefinitionCommand,
): Promise<task.Accepted> {
  const bytes = await inSpan(`command ${body.case}`, {}, () => {
    const command = create(task.CommandSchema, { ...headOf(context), body });
    const { definitionCommand } = subjects;
    return sendCommand(context.wire, definitionCommand, toBinary(task.CommandSchema, command));
  });
  return accepted(fromBinary(task.CommandReplySchema, bytes).result);
}

/** To the owner of the account's shard. Throws the problem that its rejection is. */
export async function dispatchBy(
  context: CommandContext,
  body: DispatchCommand,
): Promise<dispatch.Accepted> {
  const subject = subjects.dispatchCommand(shardOf(context.caller.account, context.shards));
  const bytes = await inSpan(`command ${body.case}`, {}, () => {
    const { keyed } = context;
    const command = create(dispatch.CommandSchema, { ...headOf(context), keyed, body });
    return sendCommand(context.wire, subject, toBinary(dispatch.CommandSchema, command));
  });
  return accepted(fromBinary(dispatch.CommandReplySchema, bytes).result);
}

function headOf({ caller, commandId }: CommandContext) {
  return {
    id: commandId,
    account: caller.account,
    actor: create(envelope.ActorSchema, {
      kind: envelope.ActorKind.USER,
      id: caller.actorId,
      origin: caller.origin,
    }),
    traceparent: currentTraceparent(),
  };
}

type Reply<A> =
  | { case: 'accepted'; value: A }
  | { case: 'rejected'; value: { code: string; message: string; field: string } }
  | { case: undefined; value?: undefined };

function accepted<A>(reply: Reply<A>): A {
  if (reply.case === 'accepted') return reply.value;
  if (reply.case === 'rejected') throw rejectedBy(reply.value);
  throw new RequestProblem('service-unavailable', 'The service gave an answer without a result.');
}
