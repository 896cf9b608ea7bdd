/**
 * Keys of named limits. They are evaluated by the owner of the shard, once, and are an input of the
 * commit from then on: whoever decides it again reads them and evaluates nothing.
 */
import { create, dispatch as d } from '#libs/contracts';
import type { KeyFacts, KeyOutcome } from '../../limit/key-expression.js';
import type { DecidedEvent } from '../emit.js';
import type { LimitRule } from './capacity.js';

export interface LimitKeys {
  of(executionId: string, limitId: string, rule: LimitRule, facts: () => KeyFacts): KeyOutcome;
}

export class EvaluatedKeys implements LimitKeys {
  readonly #evaluated = new Map<string, d.EvaluatedKey>();

  of(executionId: string, limitId: string, rule: LimitRule, facts: () => KeyFacts): KeyOutcome {
    if (rule.keyOf === undefined) return { key: '' };
    const name = `${executionId}/${limitId}`;
    const known = this.#evaluated.get(name);
    if (known !== undefined) return outcomeOf(known);
    const outcome = rule.keyOf(facts());
    this.#evaluated.set(name, create(d.EvaluatedKeySchema, { executionId, limitId, ...outcome }));
    return outcome;
  }

  /** Those of executions that came of a decision: who decides again asks for no other. */
  recorded(events: readonly DecidedEvent[]): d.EvaluatedKey[] {
    if (this.#evaluated.size === 0) return [];
    const executionIds = new Set(events.map(({ executionId }) => executionId));
    return [...this.#evaluated.values()].filter(({ executionId }) => executionIds.has(executionId));
  }
}

export class RecordedKeys implements LimitKeys {
  readonly #keys: ReadonlyMap<string, d.EvaluatedKey>;

  constructor(keys: readonly d.EvaluatedKey[]) {
    this.#keys = new Map(keys.map((key) => [`${key.executionId}/${key.limitId}`, key]));
  }

  of(executionId: string, limitId: string, rule: LimitRule): KeyOutcome {
    if (rule.keyOf === undefined) return { key: '' };
    const recorded = this.#keys.get(`${executionId}/${limitId}`);
    if (recorded === undefined) return { fault: 'The key was not recorded.' };
    return outcomeOf(recorded);
  }
}

function outcomeOf({ key, fault }: d.EvaluatedKey): KeyOutcome {
  return fault === '' ? { key } : { fault };
}
