import type { ProcessCall } from '../command.js';
import type { ProcessDefinition, RunTask } from '../definition.js';
import { fault } from '../fault.js';
import type { Frame, Result } from '../frame.js';
import { isObject, type Json, member } from '../json.js';
import { perform, type Routine } from '../routine.js';
import { textOf, textsOf } from './call-http.js';

export function* run(frame: Frame, task: RunTask): Routine<Result> {
  const { machine, place, input, sight, timeoutMs } = frame;
  const { script, shell, workflow, task: child, await: isAwaited = true } = task.run;
  if (script || shell) {
    const result = yield* perform({
      step: place,
      timeoutMs,
      call: script
        ? { kind: 'script', language: 'javascript', code: script.code, ...processOf(frame, script) }
        : {
            kind: 'shell',
            command: textOf(frame, machine.fill(shell?.command ?? '', input, sight), 'command'),
            ...processOf(frame, shell ?? {}),
          },
    });
    return { output: returned(frame, task.run.return ?? 'stdout', result) };
  }
  const output = yield* perform({
    step: place,
    timeoutMs,
    call: child
      ? {
          kind: 'task',
          task: child.name,
          parameters: objectOf(frame, machine.fill(child.parameters ?? {}, input, sight)),
          isAwaited,
        }
      : {
          kind: 'workflow',
          namespace: workflow?.namespace ?? '',
          name: workflow?.name ?? '',
          version: workflow?.version ?? '',
          input: machine.fill(workflow?.input ?? {}, input, sight),
          isAwaited,
        },
  });
  return { output: isAwaited ? output : input };
}

function processOf(frame: Frame, definition: ProcessDefinition): ProcessCall {
  const { machine, input, sight } = frame;
  const { stdin, arguments: written = [], environment = {} } = definition;
  const given = machine.fill(written, input, sight);
  return {
    ...(stdin === undefined ? {} : { stdin: stdinOf(machine.fill(stdin, input, sight)) }),
    arguments: argumentsOf(frame, given),
    environment: textsOf(frame, machine.fill(environment, input, sight), 'environment'),
  };
}

/** A value that is no text goes in as JSON. */
function stdinOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A list since 1.0.1 of the DSL; 1.0.0 had names and values, which become `--name value`. */
function argumentsOf(frame: Frame, given: Json): readonly string[] {
  if (Array.isArray(given))
    return (given as Json[]).map((one, index) => textOf(frame, one, `arguments.${index}`));
  return Object.entries(textsOf(frame, given, 'arguments')).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);
}

function objectOf(frame: Frame, value: Json) {
  if (isObject(value)) return value;
  throw fault('expression', frame.place.path, { title: 'The parameters must be an object' });
}

type Return = NonNullable<RunTask['run']['return']>;

/** An exit code other than 0 is an error, unless the definition asks to see it. */
function returned(frame: Frame, what: Return, result: Json): Json {
  const code = member(result, 'code') ?? null;
  const stdout = member(result, 'stdout') ?? '';
  const stderr = member(result, 'stderr') ?? '';
  if (what === 'code') return code;
  if (what === 'all') return { code, stdout, stderr };
  if (code !== 0)
    throw fault('runtime', frame.place.path, {
      title: `The process ended with code ${String(code)}`,
      detail: String(stderr).slice(-500),
    });
  if (what === 'none') return null;
  return what === 'stderr' ? stderr : stdout;
}
