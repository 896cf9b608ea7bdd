import type { Aggregate, DecodedEvent, DomainEvent, EventOf } from '#libs/contracts';
import type { Recorded } from './recorded.js';

type LastWord<T extends string> = T extends `${string}.${infer Rest}` ? LastWord<Rest> : T;

/** Names of the events of an aggregate without their package: `TaskCreated`. */
export type EventName<A extends Aggregate> = LastWord<EventOf<A>['$typeName']>;

type Named<E extends DomainEvent, N extends string> = E extends DomainEvent
  ? LastWord<E['$typeName']> extends N
    ? E
    : never
  : never;

export type EventNamed<A extends Aggregate, N extends EventName<A>> = Named<EventOf<A>, N>;

/** Where an event stands and what its envelope says; account and actor are those that hold for it. */
export interface Place extends Pick<DecodedEvent, 'account' | 'actor' | 'correlationId'> {
  readonly recorded: Recorded;
  /** Its index in the commit. */
  readonly index: number;
}

export type Handler<E, F> = (fold: F, event: E, place: Place) => void;

/**
 * Which events a consumer takes up and which it leaves alone. Together they must name every event
 * type of its aggregates, so that a new type does not compile until someone has decided.
 */
export interface Coverage<A extends Aggregate, I extends EventName<A>, F> {
  readonly aggregates: readonly A[];
  readonly handles: {
    readonly [N in Exclude<EventName<A>, I>]: Handler<EventNamed<A, N>, F>;
  };
  readonly ignores: readonly I[];
}

/** The consumer met an event of an aggregate that it never said it reads: its subjects are wrong. */
export class UnexpectedEvent extends Error {
  readonly code = 'unexpected-event';
}

/** Runs every event of the commits through its handler, in order. */
export function foldEvents<A extends Aggregate, I extends EventName<A>, F>(
  coverage: Coverage<A, I, F>,
  fold: F,
  commits: readonly Recorded[],
): void {
  const handlers = coverage.handles as unknown as Readonly<Record<string, Handler<DomainEvent, F>>>;
  const ignored = coverage.ignores as readonly string[];
  for (const recorded of commits) {
    recorded.events.forEach(({ event, account, actor, correlationId }, index) => {
      const name = event.$typeName.slice(event.$typeName.lastIndexOf('.') + 1);
      if (Object.hasOwn(handlers, name))
        handlers[name]?.(fold, event, { recorded, index, account, actor, correlationId });
      else if (!ignored.includes(name))
        throw new UnexpectedEvent(`${event.$typeName} at ${recorded.stream} ${recorded.seq}`);
    });
  }
}
