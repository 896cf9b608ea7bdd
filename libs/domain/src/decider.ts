/** The domain says no. Nothing is appended. */
export interface Rejection<Code extends string = string> {
  readonly rejected: Code;
  /** A sentence that names the remedy. */
  readonly message: string;
  /** JSON pointer to the field at fault; empty when none is. */
  readonly field: string;
}

export type Decision<Event, Code extends string = string> = readonly Event[] | Rejection<Code>;

export function reject<Code extends string>(
  rejected: Code,
  message: string,
  field = '',
): Rejection<Code> {
  return { rejected, message, field };
}

export function isRejection<Event, Code extends string>(
  decision: Decision<Event, Code>,
): decision is Rejection<Code> {
  return 'rejected' in decision;
}

/** One aggregate: what it may become, and what it refuses. */
export interface Decider<State, Command, Event, Code extends string = string> {
  readonly initial: State;
  /** Never throws, reads no clock. A command that is already done gives []. */
  decide(command: Command, state: State): Decision<Event, Code>;
  /** Never refuses. */
  evolve(state: State, event: Event): State;
}

/** A case that the types exclude. */
export function impossible(value: never): never {
  throw new Error(`Impossible case: ${JSON.stringify(value)}`);
}
