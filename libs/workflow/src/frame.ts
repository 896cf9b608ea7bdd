import type { Task, TaskList } from './definition.js';
import type { Json } from './json.js';
import type { Machine, Place, Sight } from './machine.js';
import type { Routine } from './routine.js';

/** What a task gave, before its `output`; and where a `switch` sends the run. */
export interface Result {
  readonly output: Json;
  readonly goTo?: string;
}

/** One task that was entered, as the code of its kind sees it. */
export interface Frame {
  readonly machine: Machine;
  readonly place: Place;
  /** After `input.from`. */
  readonly input: Json;
  readonly sight: Sight;
  /** Of a single step; that of a task with others within is kept by whoever entered it. */
  readonly timeoutMs: number | undefined;
  readonly within: Within;
}

/** How a task runs the tasks within it. */
export interface Within {
  list(tasks: TaskList, place: Place, input: Json): Routine<Json>;
  one(name: string, task: Task, place: Place, input: Json): Routine<Json>;
}

/** A place further in. */
export function inside(
  place: Place,
  more: {
    readonly path: string;
    readonly iteration?: number;
    readonly variables?: Readonly<Record<string, Json>>;
  },
): Place {
  return {
    path: place.path + more.path,
    iteration:
      more.iteration === undefined ? place.iteration : [...place.iteration, more.iteration],
    variables: more.variables ? { ...place.variables, ...more.variables } : place.variables,
  };
}
