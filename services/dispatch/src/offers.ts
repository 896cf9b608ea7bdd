import type { JetStreamClient } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import {
  attempt as a,
  create,
  type dispatch as d,
  subjects,
  task as t,
  toBinary,
} from '#libs/contracts';
import type { DecidedEvent, DispatchState, Execution } from '#libs/domain';

const PUBLISH_TIMEOUT_MS = 2_000;

/** The token of a priority in a subject. */
const PRIORITY_TOKENS: Readonly<Record<t.Priority, string>> = {
  [t.Priority.UNSPECIFIED]: 'normal',
  [t.Priority.LOW]: 'low',
  [t.Priority.NORMAL]: 'normal',
  [t.Priority.HIGH]: 'high',
  [t.Priority.CRITICAL]: 'critical',
};

/**
 * Offers what a commit released. To be called once it is stored. An offer that gets lost is made
 * anew by the journal, with a higher fence, when nobody has claimed it in time.
 */
export function publishOffers(
  js: JetStreamClient,
  shard: number,
  state: DispatchState,
  events: readonly DecidedEvent[],
  onError: (error: unknown) => void,
): void {
  for (const { event } of events) {
    if (event.$typeName !== 'dispatch.v1.AttemptReleased') continue;
    const execution = state.executions.get(event.executionId);
    if (execution === undefined || execution.fence !== event.fence) continue;
    const offer = offerOf(shard, execution);
    const subject = subjects.work(execution.spec.pool, PRIORITY_TOKENS[execution.priority]);
    js.publish(subject, toBinary(a.OfferSchema, offer), {
      msgID: offer.id,
      timeout: PUBLISH_TIMEOUT_MS,
      headers: headers(),
    }).catch(onError);
  }
}

function offerOf(shard: number, execution: Execution): a.Offer {
  const { id, account, attempt, fence, spec, nominalAtMs, slot } = execution;
  return create(a.OfferSchema, {
    // The fence never repeats within a shard.
    id: `${shard}.${fence}`,
    shard,
    attempts: [
      {
        executionId: id,
        attempt,
        fence,
        account,
        taskId: spec.taskId,
        type: spec.type,
        ...(spec.target === undefined ? {} : { target: spec.target }),
        parametersJson: spec.parametersJson,
        timeoutMs: timeoutOf(spec),
        ...(spec.settings?.limits && { limits: spec.settings.limits }),
        automationSeq: spec.automationSeq,
        stopGraceMs: spec.settings?.stopGraceMs ?? 0,
        nominalAtMs,
        slotLocal: slot?.local ?? '',
        slotZone: slot?.zone ?? '',
      },
    ],
  });
}

function timeoutOf({ settings }: d.ExecutionSpec): number {
  return settings?.timeoutMs ?? 0;
}
