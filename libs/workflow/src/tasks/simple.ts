/** Tasks of one act: `set`, `switch`, `raise`, `wait`, `emit`. */
import { createHash } from 'node:crypto';
import {
  type EmitTask,
  type ErrorDefinition,
  entryOf,
  type RaiseTask,
  type SetTask,
  type SwitchTask,
  type WaitTask,
} from '../definition.js';
import { Fault, fault } from '../fault.js';
import type { Frame, Result } from '../frame.js';
import type { CloudEvent } from '../history.js';
import type { Json, JsonObject } from '../json.js';
import { isoOf } from '../machine.js';
import { perform, type Routine, sleep } from '../routine.js';
import { stepKey } from '../step-id.js';
import { timeOf } from '../timing.js';
import { textOf } from './call-http.js';

export function set({ machine, input, sight }: Frame, task: SetTask): Result {
  return { output: machine.transform(task.set, input, sight) };
}

/** The first case whose condition holds; a case without one is for when none does. */
export function choose({ machine, input, sight }: Frame, task: SwitchTask): Result {
  const cases = task.switch.map((entry) => entryOf(entry)[1]);
  const found =
    cases.find(({ when }) => when !== undefined && machine.holds(when, input, sight)) ??
    cases.find(({ when }) => when === undefined);
  return { output: input, ...(found ? { goTo: found.then } : {}) };
}

export function raise(frame: Frame, task: RaiseTask): never {
  const { machine, place, input, sight } = frame;
  const { error } = task.raise;
  const meant: ErrorDefinition | undefined =
    typeof error === 'string' ? machine.workflow.use?.errors?.[error] : error;
  if (!meant) throw new Error('A validated definition raises only errors that it has.');
  const text = (written: string) => textOf(frame, machine.fill(written, input, sight), 'error');
  throw new Fault({
    type: text(meant.type),
    status: meant.status,
    ...(meant.title === undefined ? {} : { title: text(meant.title) }),
    ...(meant.detail === undefined ? {} : { detail: text(meant.detail) }),
    instance: place.path,
  });
}

export function* wait(frame: Frame, task: WaitTask): Routine<Result> {
  const ms = timeOf(frame.machine, task.wait, frame.input, frame.sight);
  const dueAtMs = frame.machine.kernel.nowMs + ms;
  if (ms > 0) yield* sleep({ step: frame.place, purpose: 'wait', dueAtMs });
  return { output: frame.input };
}

/** Its id follows from run and step, so that a broker that drops doubles gets it once. */
export function* emit(frame: Frame, task: EmitTask): Routine<Result> {
  const { machine, place, input, sight } = frame;
  const written = machine.fill(task.emit.event.with, input, sight) as JsonObject;
  if (typeof written['source'] !== 'string' || typeof written['type'] !== 'string')
    throw fault('expression', place.path, {
      title: 'The event is none',
      detail: 'An event has a source and a type, both texts.',
    });
  const event: CloudEvent = {
    specversion: '1.0',
    id: digest(`${machine.start.executionId} ${stepKey(place)}`),
    time: isoOf(machine.kernel.nowMs),
    ...written,
  };
  yield* perform({ step: place, call: { kind: 'emit', event }, timeoutMs: frame.timeoutMs });
  return { output: event satisfies Json };
}

const ID_CHARS = 32;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, ID_CHARS);
}
