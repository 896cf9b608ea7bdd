import { type attempt as a, create, decodeCommit, workflow as w } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import { type HistoryEvent, type JsonObject, startOf } from '#libs/workflow';
import { JobFailure } from '../child/job-failure.js';
import type { WorkflowJob } from '../child/workflow/workflow-job.js';
import { LIMITS } from '../limits.js';
import type { Brain } from './brain.js';
import { RunLog, type RunLogDeps } from './run-log.js';

/** What expressions see as `$runtime.version`: another meaning of a task will be another number. */
const RUNTIME_VERSION = '0.1.0';

export interface Begun {
  readonly started: w.RunStarted;
  /** Of the run that it goes on from. */
  readonly facts: readonly HistoryEvent[];
}

/** The first facts of a run that nobody has begun. */
export async function beginningOf(
  deps: RunLogDeps,
  { shard, attempt }: { shard: number; attempt: a.OfferedAttempt },
  brain: Brain,
): Promise<Begun> {
  const { origin, executionId, account } = attempt;
  const fresh = {
    executionId,
    account,
    workflowId: attempt.target?.workflowId ?? '',
    definitionSeq: attempt.automationSeq,
    startedAtMs: deps.clock.now(),
    inputJson: attempt.parametersJson || '{}',
    metadataJson: JSON.stringify(metadataOf(attempt)),
    runtimeVersion: RUNTIME_VERSION,
  };
  if (origin === undefined) return { started: create(w.RunStartedSchema, fresh), facts: [] };
  const source = new RunLog(deps, {
    shard,
    executionId: origin.executionId,
    account,
    attempt: 0,
    fence: 0,
  });
  const { started: before, facts } = await source.read();
  if (before === undefined || before.account !== account)
    throw new JobFailure('RUN_NOT_FOUND', `Execution ${origin.executionId} has no recorded run.`, {
      final: true,
    });
  const step =
    origin.stepPath === '' ? undefined : { path: origin.stepPath, iteration: origin.stepIteration };
  brain.begin(await jobOf(deps.eventLog, before), facts);
  const cut = await brain.cut(step, deps.clock.now());
  if (JSON.stringify(cut.facts).length > LIMITS.runBytesPerCommit)
    throw new JobFailure('RUN_TOO_LARGE', 'The history before this step is too large to be kept.', {
      final: true,
    });
  const { workflowId, definitionSeq, inputJson } = before;
  const { cutBefore: at } = cut;
  const started = create(w.RunStartedSchema, {
    ...fresh,
    workflowId,
    definitionSeq,
    inputJson,
    cutBefore: {
      executionId: origin.executionId,
      ...(at && { step: { path: at.path, iteration: [...at.iteration] } }),
    },
  });
  return { started, facts: cut.facts };
}

/** The very version that the run began with. */
export async function jobOf(eventLog: EventLog, started: w.RunStarted): Promise<WorkflowJob> {
  const stored = await eventLog.get('DEFINITIONS', started.definitionSeq);
  const saved =
    stored &&
    decodeCommit(stored.bytes)
      .events.map(({ event }) => event)
      .find((event) => event.$typeName === 'workflow.v1.WorkflowSaved');
  if (saved?.$typeName !== 'workflow.v1.WorkflowSaved')
    throw new JobFailure(
      'WORKFLOW_NOT_FOUND',
      `There is no workflow at position ${started.definitionSeq}.`,
      { final: true },
    );
  return { kind: 'workflow', source: saved.source, start: startOf(started) };
}

function metadataOf(attempt: a.OfferedAttempt): JsonObject {
  const { executionId, taskId, nominalAtMs, slotLocal, slotZone, previousSuccessMs } = attempt;
  return {
    executionId,
    taskId,
    slot: {
      nominal: new Date(nominalAtMs).toISOString(),
      ...(slotLocal === '' ? {} : { local: slotLocal, zone: slotZone }),
    },
    previousSuccess: previousSuccessMs === 0 ? null : new Date(previousSuccessMs).toISOString(),
  };
}
