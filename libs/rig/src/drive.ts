import type { NatsConnection } from '@nats-io/transport-node';
import {
  create,
  dispatch as d,
  fromBinary,
  type MessageInitShape,
  shardOf,
  subjects,
  task as t,
  toBinary,
} from '#libs/contracts';
import { eventually } from '#libs/testing';

const ANSWER_MS = 2_000;
/** A command has an id, so it may be asked again until somebody answers. */
const ANSWERED_WITHIN_MS = 20_000;

/** What a spec says of a schedule: a cron, or more. */
export type ScheduleDraft = MessageInitShape<typeof t.ScheduleSchema>;
export type TaskDraft = Exclude<MessageInitShape<typeof t.TaskDraftSchema>, t.TaskDraft>;
type DefinitionBody = NonNullable<MessageInitShape<typeof t.CommandSchema>['body']>;
type DispatchBody = NonNullable<MessageInitShape<typeof d.CommandSchema>['body']>;

let sent = 0;

/** A task that does nothing for a while, once a second unless said otherwise. */
export function noopTask(more: TaskDraft = {}, durationMs = 0): TaskDraft {
  return {
    name: 'bell',
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: JSON.stringify({ durationMs }),
    settings: {
      timeoutMs: 60_000,
      retryPolicy: { maxRetries: 2, initialDelayMs: 200, backoffMultiplier: 1, maxDelayMs: 1_000 },
    },
    schedules: [{ cron: '* * * * * *', zone: 'UTC', enabled: true }],
    enabled: true,
    ...more,
  };
}

/** Has a definition made. Gives its id. */
export async function define(
  nc: NatsConnection,
  body: DefinitionBody,
  account = 'default',
): Promise<string> {
  const id = `spec-${process.pid}-${++sent}`;
  const command = toBinary(t.CommandSchema, create(t.CommandSchema, { id, account, body }));
  const { data } = await eventually(
    () => nc.request(subjects.definitionCommand, command, { timeout: ANSWER_MS }),
    { withinMs: ANSWERED_WITHIN_MS },
  );
  const { result } = fromBinary(t.CommandReplySchema, data);
  if (result.case === 'accepted') return result.value.id;
  throw new Error(JSON.stringify(result.value));
}

export function createTask(nc: NatsConnection, draft: TaskDraft): Promise<string> {
  return define(nc, { case: 'createTask', value: { draft } });
}

/** Tells the owner of the account's shard to do something. Gives the id of the execution. */
export async function order(
  nc: NatsConnection,
  body: DispatchBody,
  { account = 'default', shards = 1, withinMs = ANSWERED_WITHIN_MS } = {},
): Promise<string> {
  const id = `spec-${process.pid}-${++sent}`;
  const command = toBinary(d.CommandSchema, create(d.CommandSchema, { id, account, body }));
  const subject = subjects.dispatchCommand(shardOf(account, shards));
  return eventually(
    async () => {
      const { data } = await nc.request(subject, command, { timeout: ANSWER_MS });
      const { result } = fromBinary(d.CommandReplySchema, data);
      if (result.case === 'accepted') return result.value.executionId;
      // Also of a task that was made just now: the owner may not have heard of it yet.
      throw new Error(JSON.stringify(result.value));
    },
    { withinMs },
  );
}

export function runTask(nc: NatsConnection, taskId: string): Promise<string> {
  return order(nc, { case: 'runTask', value: { taskId } });
}
