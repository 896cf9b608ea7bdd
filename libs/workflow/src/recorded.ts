/** The facts of a run as they lie in the log, and as the fold takes them. */
import { create, workflow as w } from '#libs/contracts';
import type { HistoryEvent, RunStart, TimerPurpose } from './history.js';
import type { Json, JsonObject } from './json.js';
import type { StepId } from './step-id.js';

export type RunFact =
  | w.StepStarted
  | w.StepFinished
  | w.StepFailed
  | w.WaitStarted
  | w.ListenStarted
  | w.TimerFired
  | w.EventReceived;

/** Who told that a step was started; the fold does not ask. */
export interface Teller {
  readonly attempt: number;
  readonly fence: number;
  readonly workerId: string;
}

const PURPOSES: Readonly<Record<TimerPurpose, w.TimerPurpose>> = {
  wait: w.TimerPurpose.WAIT,
  timeout: w.TimerPurpose.TIMEOUT,
  retry: w.TimerPurpose.RETRY,
};

export function factOf(event: HistoryEvent, teller: Teller): RunFact {
  const { atMs } = event;
  if (event.type === 'EventReceived')
    return create(w.EventReceivedSchema, { atMs, eventJson: JSON.stringify(event.event) });
  const step = { path: event.step.path, iteration: [...event.step.iteration] };
  switch (event.type) {
    case 'StepStarted':
      return create(w.StepStartedSchema, { step, atMs, ...teller });
    case 'StepFinished':
      return create(w.StepFinishedSchema, {
        step,
        atMs,
        outputJson: JSON.stringify(event.output),
      });
    case 'StepFailed': {
      const { type, status, title = '', detail = '' } = event.error;
      return create(w.StepFailedSchema, { step, atMs, error: { type, status, title, detail } });
    }
    case 'WaitStarted':
      return create(w.WaitStartedSchema, {
        step,
        atMs,
        purpose: PURPOSES[event.purpose],
        untilMs: event.untilMs,
      });
    case 'ListenStarted':
      return create(w.ListenStartedSchema, { step, atMs });
    case 'TimerFired':
      return create(w.TimerFiredSchema, { step, atMs, purpose: PURPOSES[event.purpose] });
  }
}

export function historyEventOf(fact: RunFact): HistoryEvent {
  const { atMs } = fact;
  if (fact.$typeName === 'workflow.v1.EventReceived')
    return { type: 'EventReceived', event: JSON.parse(fact.eventJson) as JsonObject, atMs };
  const step = stepOf(fact.step);
  switch (fact.$typeName) {
    case 'workflow.v1.StepStarted':
      return { type: 'StepStarted', step, atMs };
    case 'workflow.v1.StepFinished':
      return { type: 'StepFinished', step, output: JSON.parse(fact.outputJson) as Json, atMs };
    case 'workflow.v1.StepFailed': {
      const { type = '', status = 0, title = '', detail = '' } = fact.error ?? {};
      const said = { ...(title === '' ? {} : { title }), ...(detail === '' ? {} : { detail }) };
      return { type: 'StepFailed', step, error: { type, status, ...said }, atMs };
    }
    case 'workflow.v1.WaitStarted': {
      const { untilMs, purpose } = fact;
      return { type: 'WaitStarted', step, purpose: purposeOf(purpose), untilMs, atMs };
    }
    case 'workflow.v1.ListenStarted':
      return { type: 'ListenStarted', step, atMs };
    case 'workflow.v1.TimerFired':
      return { type: 'TimerFired', step, purpose: purposeOf(fact.purpose), atMs };
  }
}

/** What a run starts with, from its first fact. */
export function startOf(fact: w.RunStarted): RunStart {
  const { executionId, startedAtMs, inputJson, metadataJson, runtimeVersion } = fact;
  return {
    executionId,
    startedAtMs,
    input: inputJson === '' ? {} : (JSON.parse(inputJson) as Json),
    runtime: {
      version: runtimeVersion,
      metadata: metadataJson === '' ? {} : (JSON.parse(metadataJson) as JsonObject),
    },
  };
}

function stepOf(step: w.Step | undefined): StepId {
  return { path: step?.path ?? '', iteration: step?.iteration ?? [] };
}

function purposeOf(purpose: w.TimerPurpose): TimerPurpose {
  const found = Object.entries(PURPOSES).find(([, one]) => one === purpose);
  if (!found) throw new Error(`A timer has a purpose that this build does not know: ${purpose}.`);
  return found[0] as TimerPurpose;
}
