import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { SystemClock } from '#libs/clock';
import { create, encodeCommit, envelope, subjects } from '#libs/contracts';
import type { BenchTask } from './schedules.ts';

export const ACCOUNT = 'default';
/** A stream buffers 10,000 messages that are not stored yet, and drops what comes on top. */
const UNACKNOWLEDGED = 2_000;
const ACK_MS = 60_000;

const actor = create(envelope.ActorSchema, { kind: envelope.ActorKind.USER, id: 'bench' });

/** Appends definitions as their owner would, many at a time. Gives the last one's sequence. */
export async function appendTasks(nc: NatsConnection, tasks: Iterable<BenchTask>): Promise<number> {
  const js = jetstream(nc);
  const clock = new SystemClock();
  let unacknowledged = 0;
  let last: { subject: string; bytes: Uint8Array } | undefined;
  let seq = 0;
  const settle = async () => {
    // Of one connection's messages the server takes one after the other: this one is the last.
    if (last) seq = (await js.publish(last.subject, last.bytes, { timeout: ACK_MS })).seq;
    last = undefined;
    unacknowledged = 0;
  };
  for (const { id, created } of tasks) {
    if (last) nc.publish(last.subject, last.bytes);
    const subject = subjects.definition(ACCOUNT, 'task', id);
    const commitId = `${subject}:${id}`;
    const bytes = encodeCommit({
      id: commitId,
      aggregate: subject,
      account: ACCOUNT,
      actor,
      occurredAtMs: clock.now(),
      correlationId: id,
      ordinal: 1,
      events: [{ event: created }],
    });
    last = { subject, bytes };
    if (++unacknowledged >= UNACKNOWLEDGED) await settle();
  }
  await settle();
  return seq;
}
