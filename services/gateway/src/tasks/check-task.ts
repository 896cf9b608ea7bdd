import { BUILTIN_NAMES, isBuiltin, validateBuiltin } from '#libs/builtins';
import { type FlowProblem, validateFlow } from '#libs/flow';
import { escapePointer } from '../problems/check-json.js';
import { sentence, shown } from '../problems/plain-text.js';
import { type Fault } from '../problems/problem.js';
import { checkSchedule } from '../schedules/check-schedule.js';
import { type DefinedSchedule } from '../schedules/schedule-definition.js';
import { type TaskDefinition } from './task-definition.js';

/**
 * What a schema can't say of a task: that its schedules ring, that its target fits its type, and
 * that its parameters are those of its target. `services/definitions` decides by the same rules;
 * here the caller gets all faults at once, each with its field.
 */
export function checkTask(task: TaskDefinition, scheduleShape: 'one' | 'many'): Fault[] {
  return [
    ...checkTarget(task),
    ...checkSchedules(task.schedules, scheduleShape),
    ...checkSystemParameters(task.type, task.target.systemTask, task.parameters),
  ];
}

const targetFields = {
  browser_automation: 'automationId',
  workflow: 'workflowId',
  system: 'systemTask',
} as const;

function checkTarget({ type, target }: TaskDefinition): Fault[] {
  const field = targetFields[type];
  const faults = Object.values(targetFields)
    .filter((other) => other !== field && target[other] !== undefined)
    .map(
      (other): Fault => ({
        path: `/target/${other}`,
        code: 'target-mismatch',
        message: `A task of type ${type} has no \`${other}\`.`,
        remedy: `Take it out; its target is \`${field}\`.`,
      }),
    );
  const path = `/target/${field}`;
  const value = target[field];
  if (!value)
    faults.push({
      path,
      code: 'missing',
      message: `A task of type ${type} needs \`${field}\`.`,
      remedy: type === 'system' ? `Use one of ${BUILTIN_NAMES.join(', ')}.` : 'Give its id.',
    });
  else if (type === 'system' && !isBuiltin(value))
    faults.push({
      path,
      code: 'not-one-of',
      message: `There is no system task \`${shown(value)}\`.`,
      remedy: `Use one of ${BUILTIN_NAMES.join(', ')}.`,
    });
  return faults;
}

function checkSchedules(schedules: readonly DefinedSchedule[], shape: 'one' | 'many'): Fault[] {
  return schedules.flatMap((schedule, place) => checkSchedule(schedule, placeOf(shape, place)));
}

export function placeOf(shape: 'one' | 'many', place: number): string {
  return shape === 'one' ? '/schedule' : `/schedules/${place}`;
}

/** Also of a run's parameters, merged over those of its task. */
export function checkSystemParameters(
  type: string,
  systemTask: string | undefined,
  parameters: Record<string, unknown>,
): Fault[] {
  if (type !== 'system' || systemTask === undefined || !isBuiltin(systemTask)) return [];
  const checked = validateBuiltin(systemTask, parameters);
  return checked.ok
    ? []
    : checked.problems.map((one) => dottedFault(one, '/parameters', 'parameter-invalid'));
}

/** Faults of a browser flow, as JSON pointers under `/flow`. */
export function checkFlow(flow: unknown): Fault[] {
  const checked = validateFlow(flow);
  return checked.ok ? [] : checked.problems.map((one) => dottedFault(one, '/flow', 'flow-invalid'));
}

/** A place told as `steps[3].selectors[0]`. */
function dottedFault({ path, message, remedy }: FlowProblem, under: string, code: string): Fault {
  const tokens = path.split(/[.[\]]+/).filter((token) => token !== '');
  return {
    path: tokens.reduce((pointer, token) => `${pointer}/${escapePointer(token)}`, under),
    code,
    message: sentence(message),
    remedy: sentence(remedy),
  };
}
