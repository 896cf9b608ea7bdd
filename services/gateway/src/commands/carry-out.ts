import { type dispatch, type StreamName } from '#libs/contracts';
import { type GatewayDeps, type GatewayParts } from '../gateway-parts.js';
import { type Caller } from '../identity.js';
import { reached } from '../live/position-wait.js';
import { commandIdOf } from './command-id.js';
import {
  type CommandContext,
  type DefinitionCommand,
  type DispatchCommand,
  defineBy,
  dispatchBy,
} from './commands.js';

/**
 * What a caller asks for, carried out: sent as a command, decided by its owner, and awaited until
 * it can be read.
 */

export interface By {
  readonly caller: Caller;
  readonly idempotencyKey?: string;
}

export interface Changed {
  readonly id: string;
  /** Sequence in DEFINITIONS. */
  readonly position: number;
  /** Whether what is read from now on has it. */
  readonly isReadable: boolean;
}

/** Decided by the definitions. */
export function define(parts: GatewayParts, by: By, body: DefinitionCommand): Promise<Changed> {
  return defineIn(parts, commandBy(parts, by), body);
}

/** The same by a context that was made before: for another owner, or as a part of another command. */
export async function defineIn(
  parts: GatewayParts,
  context: CommandContext,
  body: DefinitionCommand,
): Promise<Changed> {
  const { id, position } = await defineBy(context, body);
  const isReadable = await visible(parts, context.caller, 'DEFINITIONS', position);
  return { id, position, isReadable };
}

/** Decided by the dispatcher of the caller's shard. */
export async function dispatchFor(
  parts: GatewayParts,
  by: By,
  body: DispatchCommand,
): Promise<dispatch.Accepted & { readonly isReadable: boolean }> {
  const accepted = await dispatchBy(commandBy(parts, by), body);
  const isReadable = await visible(parts, by.caller, 'DISPATCH', accepted.position);
  return { ...accepted, isReadable };
}

/** The context of one command of one caller. */
export function commandBy(
  { nc, clock, settings }: GatewayDeps,
  { caller, idempotencyKey }: By,
): CommandContext {
  return {
    wire: { nc, clock, deadlineMs: settings.commandDeadlineMs },
    shards: settings.shards,
    caller,
    commandId: commandIdOf(caller.account, idempotencyKey),
    keyed: idempotencyKey !== undefined,
  };
}

/** Waits until what a command did can be read. */
export function visible(
  { db, notices, clock, log, settings }: GatewayParts,
  caller: Caller,
  stream: StreamName,
  seq: number,
): Promise<boolean> {
  const waitMs = settings.positionWaitMs;
  return reached({ db, notices, clock, log, waitMs }, caller.account, stream, seq);
}
