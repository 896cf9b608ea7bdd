import { expect, test } from '@jest/globals';
import { create, fromBinary, toBinary, workflow as w } from '#libs/contracts';
import type { HistoryEvent } from './history.js';
import { factOf, historyEventOf, type RunFact, startOf } from './recorded.js';

const step = { path: '/do/0/a', iteration: [0, 2] };
const atMs = 1_700_000_000_123;
const teller = { attempt: 2, fence: 7, workerId: 'w1' };

const SCHEMAS = {
  'workflow.v1.StepStarted': w.StepStartedSchema,
  'workflow.v1.StepFinished': w.StepFinishedSchema,
  'workflow.v1.StepFailed': w.StepFailedSchema,
  'workflow.v1.WaitStarted': w.WaitStartedSchema,
  'workflow.v1.ListenStarted': w.ListenStartedSchema,
  'workflow.v1.TimerFired': w.TimerFiredSchema,
  'workflow.v1.EventReceived': w.EventReceivedSchema,
};

const EVENTS: readonly HistoryEvent[] = [
  { type: 'StepStarted', step, atMs },
  { type: 'StepFinished', step, output: { a: [1, null, 'x'] }, atMs },
  { type: 'StepFinished', step, output: null, atMs },
  { type: 'StepFailed', step, error: { type: 'https://x.test/e', status: 503 }, atMs },
  { type: 'StepFailed', step, error: { type: 'e', status: 500, title: 't', detail: 'd' }, atMs },
  { type: 'WaitStarted', step, purpose: 'retry', untilMs: atMs + 5, atMs },
  { type: 'ListenStarted', step: { path: '/do/1/b', iteration: [] }, atMs },
  { type: 'TimerFired', step, purpose: 'timeout', atMs },
  { type: 'TimerFired', step, purpose: 'wait', atMs },
  { type: 'EventReceived', event: { id: '1', type: 'x', data: { a: 1 } }, atMs },
];

test.each(EVENTS.map((event) => [event.type, event] as const))(
  '%s is read as it was told',
  (_, event) => {
    const fact = factOf(event, teller);
    const schema = SCHEMAS[fact.$typeName] as typeof w.StepStartedSchema;
    const bytes = toBinary(schema, fact as w.StepStarted);
    expect(historyEventOf(fromBinary(schema, bytes) as RunFact)).toEqual(event);
  },
);

test('a start says who told it', () => {
  expect(factOf({ type: 'StepStarted', step, atMs }, teller)).toMatchObject(teller);
});

test('a run starts with what its first fact says', () => {
  const fact = create(w.RunStartedSchema, {
    executionId: 'e1',
    startedAtMs: atMs,
    inputJson: '{"a":1}',
    metadataJson: '{"slot":"2026-01-05T09:00"}',
    runtimeVersion: '0.1.0',
  });
  expect(startOf(fact)).toEqual({
    executionId: 'e1',
    startedAtMs: atMs,
    input: { a: 1 },
    runtime: { version: '0.1.0', metadata: { slot: '2026-01-05T09:00' } },
  });
  expect(startOf(create(w.RunStartedSchema, {}))).toMatchObject({ input: {} });
});
