import { createHash } from 'node:crypto';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  create,
  dispatch as d,
  decodeCommit,
  encodeCommit,
  fromBinary,
  SUBJECT_TOKEN,
  shardOf,
  subjects,
  toBinary,
  workflow as w,
} from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import { LIMITS } from '../limits.js';
import type { StoreDeps } from '../nats/until-stored.js';
import { workerActor } from '../nats/worker-actor.js';
import { dispatchAsker } from './ask-dispatch.js';

/** Any worker may answer; each event is answered by one. */
const QUEUE = 'execution';

export interface EventDoorDeps extends StoreDeps {
  readonly nc: NatsConnection;
  readonly log: Logger;
  readonly workerId: string;
  readonly shards: number;
}

/** Events for runs: each is in the log, and its run knows of it, before it is answered. */
export function listenForEvents(deps: EventDoorDeps): Subscription {
  const { nc, log } = deps;
  return nc.subscribe(subjects.runCommand, {
    queue: QUEUE,
    callback: (error, message) => {
      if (error !== null) return;
      onEvent(deps, message.data)
        .then((reply) => message.respond(toBinary(w.SendEventReplySchema, reply)))
        // Whoever sent it asks again, with the same id.
        .catch((err) => log.warn({ err }, 'an event could not be written into its run'));
    },
  });
}

const refused = (code: string, message: string) =>
  create(w.SendEventReplySchema, { code, message });

async function onEvent(deps: EventDoorDeps, bytes: Uint8Array): Promise<w.SendEventReply> {
  let event: w.SendEvent;
  try {
    event = fromBinary(w.SendEventSchema, bytes);
  } catch {
    return refused('command-invalid', 'These bytes are no event.');
  }
  const { account, executionId, eventJson } = event;
  if (![account, executionId].every((one) => SUBJECT_TOKEN.test(one)) || event.id === '')
    return refused('command-invalid', 'An account or an id is malformed.');
  if (!isEvent(eventJson))
    return refused('event-invalid', 'An event is a JSON object with a type.');
  const shard = shardOf(account, deps.shards);
  const runSeq = await writtenAt(deps, shard, event);
  if (runSeq === undefined)
    return refused('execution-unknown', 'There is no run of a workflow with this id.');
  const command = create(d.CommandSchema, {
    id: `wake:${event.id}`,
    account,
    actor: workerActor(deps.workerId),
    body: { case: 'wakeExecution', value: create(d.WakeExecutionSchema, { executionId, runSeq }) },
  });
  const result = await dispatchAsker(deps)({ shard, command }, { giveUpMs: LIMITS.wakeGiveUpMs });
  if (result.case === 'rejected') return refused(result.value.code, result.value.message);
  return create(w.SendEventReplySchema, { runSeq });
}

function isEvent(json: string): boolean {
  if (Buffer.byteLength(json) > LIMITS.eventBytes) return false;
  try {
    const value = JSON.parse(json) as { type?: unknown } | null;
    return typeof value === 'object' && value !== null && typeof value.type === 'string';
  } catch {
    return false;
  }
}

/** Sequence of the event in its run, written now or when it came before; undefined: there is no such run. */
async function writtenAt(
  { eventLog, clock, workerId }: EventDoorDeps,
  shard: number,
  { id, account, executionId, eventJson, traceparent }: w.SendEvent,
): Promise<number | undefined> {
  const subject = subjects.run(shard, executionId);
  const commitId = `${subject}:event:${id}`;
  for (let tries = 0; tries < LIMITS.eventTries; tries++) {
    let last: { seq: number; ordinal: number; hash: Uint8Array } | undefined;
    let isTheirs = false;
    for await (const { seq, bytes } of eventLog.read({ stream: 'RUNS', subject, fromSeq: 1 })) {
      const { commit } = decodeCommit(bytes);
      if (commit.id === commitId) return seq;
      isTheirs ||= commit.account === account;
      const hash = createHash('sha256').update(bytes).digest();
      last = { seq, ordinal: commit.ordinal, hash };
    }
    if (last === undefined || !isTheirs) return undefined;
    const bytes = encodeCommit({
      id: commitId,
      aggregate: subject,
      account,
      actor: workerActor(workerId),
      occurredAtMs: clock.now(),
      correlationId: executionId,
      traceparent,
      previousHash: last.hash,
      ordinal: last.ordinal + 1,
      events: [{ event: create(w.EventReceivedSchema, { atMs: clock.now(), eventJson }) }],
    });
    const request = { stream: 'RUNS', subject, bytes, msgId: commitId } as const;
    const result = await eventLog.append({ ...request, expectedLastSeq: last.seq });
    if (result.kind === 'appended') return result.seq;
  }
  throw new Error('The run is written into without a pause.');
}
