import { exportContext } from '../data-flow.js';
import type { Consumption, EventFilter, ListenTask } from '../definition.js';
import { enclosed } from '../expression.js';
import { Fault } from '../fault.js';
import { type Frame, inside, type Result } from '../frame.js';
import type { CloudEvent } from '../history.js';
import { type Json, member, sameJson } from '../json.js';
import { nextEvent, type Routine, type Subscription } from '../routine.js';

export function* listen(frame: Frame, task: ListenTask): Routine<Result> {
  const { to, read = 'data' } = task.listen;
  const { kernel } = frame.machine;
  const wanted = new Wanted(frame, to);
  const until = typeof to.until === 'object' ? new Wanted(frame, to.until) : undefined;
  const subscription: Subscription = {
    step: frame.place,
    types: typesOf([
      ...filtersOf(to),
      ...(typeof to.until === 'object' ? filtersOf(to.until) : []),
    ]),
    queue: [],
    accepts: (event) => wanted.fits(event) || (until?.fits(event) ?? false),
  };
  const consumed: Json[] = [];
  kernel.subscribe(subscription);
  try {
    while (to.until !== undefined || !wanted.isDone) {
      const event = yield* nextEvent(subscription);
      // What ends the listening is no part of what was heard.
      if (until?.take(event)) {
        if (until.isDone) break;
        continue;
      }
      if (!wanted.take(event)) continue;
      const item = read === 'data' ? (member(event, 'data') ?? null) : event;
      consumed.push(yield* eachItem(frame, task, item, consumed.length));
      if (typeof to.until === 'string' && frame.machine.holds(to.until, consumed, frame.sight))
        break;
    }
  } finally {
    kernel.unsubscribe(subscription);
  }
  return { output: consumed };
}

function* eachItem(frame: Frame, task: ListenTask, item: Json, index: number): Routine<Json> {
  const { foreach } = task;
  if (!foreach) return item;
  const place = inside(frame.place, {
    path: '/foreach',
    iteration: index,
    variables: { [foreach.item ?? 'item']: item, [foreach.at ?? 'index']: index },
  });
  const raw = foreach.do
    ? yield* frame.within.list(foreach.do, inside(place, { path: '/do' }), item)
    : item;
  const sight = { ...frame.sight, place };
  const output = frame.machine.transform(foreach.output?.as, raw, sight);
  exportContext(frame.machine, foreach.export, output, sight);
  return output;
}

/** Which events are still wanted: `all` wants one for each filter, `one` and `any` want one. */
class Wanted {
  readonly #frame: Frame;
  readonly #isAll: boolean;
  readonly #isAny: boolean;
  #open: readonly EventFilter[];
  #hasTaken = false;

  constructor(frame: Frame, to: Consumption) {
    this.#frame = frame;
    this.#isAll = to.all !== undefined;
    this.#isAny = to.any?.length === 0;
    this.#open = filtersOf(to);
  }

  get isDone(): boolean {
    return this.#isAll ? this.#open.length === 0 : this.#hasTaken;
  }

  fits(event: CloudEvent): boolean {
    return this.#isAny || this.#open.some((one) => this.#matches(one, event));
  }

  take(event: CloudEvent): boolean {
    const found = this.#open.find((one) => this.#matches(one, event));
    if (!found && !this.#isAny) return false;
    this.#hasTaken = true;
    if (this.#isAll) this.#open = this.#open.filter((one) => one !== found);
    return true;
  }

  /** Each attribute is the same, or makes its expression true. An expression that fails does not fit. */
  #matches(filter: EventFilter, event: CloudEvent): boolean {
    const { machine, input, sight } = this.#frame;
    return Object.entries(filter.with).every(([name, wanted]) => {
      const value = member(event, name);
      const expression = typeof wanted === 'string' ? enclosed(wanted) : undefined;
      if (expression === undefined)
        return value !== undefined && sameJson(machine.fill(wanted, input, sight), value);
      try {
        return machine.holds(expression, value ?? null, sight);
      } catch (error) {
        if (error instanceof Fault) return false;
        throw error;
      }
    });
  }
}

function filtersOf(to: Consumption): readonly EventFilter[] {
  return to.one ? [to.one] : (to.all ?? to.any ?? []);
}

function typesOf(filters: readonly EventFilter[]): readonly string[] | undefined {
  const types = filters.map((one) => one.with['type']);
  const isOpen =
    types.length === 0 || types.some((one) => typeof one !== 'string' || enclosed(one));
  return isOpen ? undefined : ([...new Set(types)] as string[]);
}
