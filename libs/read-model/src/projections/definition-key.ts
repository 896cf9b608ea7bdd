import type { Place, Recorded } from '#libs/consumer';
import { parseDefinitionSubject } from '#libs/contracts';
import { instant, int8, key, text } from '../storable.js';
import { keyOf } from './keyed-rows.js';
import { actorName } from './words.js';

/** Whose fact it is. The subject says so, also for events that name no id. */
export interface DefinitionKey {
  readonly account: string;
  readonly id: string;
}

export interface KindAndKey extends DefinitionKey {
  readonly kind: string;
}

export function definitionOf({ subject }: Recorded): KindAndKey {
  const parts = parseDefinitionSubject(subject);
  if (parts === undefined) throw new RangeError(`${subject} is no definition's subject`);
  return { kind: key(parts.kind), account: key(parts.account), id: key(parts.id) };
}

export function keyFrom({ recorded }: Place): DefinitionKey {
  const { account, id } = definitionOf(recorded);
  return { account, id };
}

export function ownerOf(place: Place): string {
  const { account, id } = keyFrom(place);
  return keyOf(account, id);
}

/** Each definition of a kind that the commits speak of, once. */
export function keysOfKind(commits: readonly Recorded[], kind: string): DefinitionKey[] {
  const keys = new Map<string, DefinitionKey>();
  for (const recorded of commits) {
    const of = definitionOf(recorded);
    if (of.kind === kind) keys.set(recorded.subject, { account: of.account, id: of.id });
  }
  return [...keys.values()];
}

export function occurredAt({ recorded }: Place): Date {
  return instant(recorded.commit.occurredAtMs);
}

export function authorOf({ actor }: Place): string {
  return text(actorName(actor));
}

export function positionOf({ recorded }: Place): number {
  return int8(recorded.seq);
}
