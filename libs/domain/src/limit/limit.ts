/**
 * A named limit: how many runs with the same key may be open, and how often they may start. Each save
 * is a new version, whole.
 *
 *   (none) --save--> saved --save--> saved --delete--> deleted
 */
import { create, equals, type LimitEvent, limit as l } from '#libs/contracts';
import { type Decider, type Decision, impossible, type Rejection, reject } from '../decider.js';
import { inWords } from '../pool/pool.js';
import { readKeyExpression } from './key-expression.js';

export const LIMIT_LIMITS = {
  nameLength: 100,
  descriptionLength: 500,
  maxConcurrent: 100_000,
  rateCount: 10_000,
  ratePerMs: { min: 1_000, max: 86_400_000 },
} as const;

export type LimitState =
  | { readonly status: 'none' | 'deleted' }
  | { readonly status: 'saved'; readonly version: number; readonly rule: l.Rule };

export type LimitCommand =
  | {
      readonly type: 'save';
      readonly limitId: string;
      /** False: the command asks for a new one. */
      readonly mustExist: boolean;
      readonly rule: l.Rule;
    }
  /** `usedBy`: tasks of the account that name it. */
  | { readonly type: 'delete'; readonly usedBy: readonly string[] };

export type LimitRejectionCode =
  | 'limit-unknown'
  | 'limit-in-use'
  | 'name-invalid'
  | 'description-too-long'
  | 'key-invalid'
  | 'max-concurrent-invalid'
  | 'rate-invalid'
  | 'limit-empty';

export function decide(
  command: LimitCommand,
  state: LimitState,
): Decision<LimitEvent, LimitRejectionCode> {
  switch (command.type) {
    case 'save': {
      const { limitId, mustExist, rule } = command;
      if (state.status === 'deleted' || (state.status === 'none' && mustExist))
        return reject('limit-unknown', 'There is no such limit.');
      const refused = ruleInvalid(rule);
      if (refused) return refused;
      if (state.status === 'saved' && equals(l.RuleSchema, state.rule, rule)) return [];
      const version = state.status === 'saved' ? state.version + 1 : 1;
      return [create(l.LimitSavedSchema, { limitId, version, rule })];
    }
    case 'delete':
      if (state.status === 'none') return reject('limit-unknown', 'There is no such limit.');
      if (state.status === 'deleted') return [];
      if (command.usedBy.length > 0)
        return reject(
          'limit-in-use',
          `Tasks are under it: ${inWords(command.usedBy)}. Take it off them first.`,
        );
      return [create(l.LimitDeletedSchema)];
    default:
      return impossible(command);
  }
}

function ruleInvalid(rule: l.Rule): Rejection<LimitRejectionCode> | undefined {
  const { name, description, keyExpression, maxConcurrent, rate } = rule;
  if (name.trim() === '' || name.length > LIMIT_LIMITS.nameLength)
    return reject(
      'name-invalid',
      `A name has 1 to ${LIMIT_LIMITS.nameLength} characters.`,
      '/name',
    );
  if (description.length > LIMIT_LIMITS.descriptionLength)
    return reject(
      'description-too-long',
      `A description has at most ${LIMIT_LIMITS.descriptionLength} characters.`,
      '/description',
    );
  const key = keyExpression === '' ? undefined : readKeyExpression(keyExpression);
  if (typeof key === 'object')
    return reject('key-invalid', `${key.message} At character ${key.position + 1}.`, '/key');
  if (maxConcurrent > LIMIT_LIMITS.maxConcurrent)
    return reject(
      'max-concurrent-invalid',
      `Between 0 (no limit) and ${LIMIT_LIMITS.maxConcurrent}.`,
      '/maxConcurrent',
    );
  if (rate !== undefined) {
    const { min, max } = LIMIT_LIMITS.ratePerMs;
    if (rate.count < 1 || rate.count > LIMIT_LIMITS.rateCount)
      return reject('rate-invalid', `A rate counts 1 to ${LIMIT_LIMITS.rateCount}.`, '/rate/count');
    if (!(rate.perMs >= min && rate.perMs <= max))
      return reject('rate-invalid', 'A rate is per 1 second to 24 hours.', '/rate/per');
  }
  if (maxConcurrent === 0 && rate === undefined)
    return reject(
      'limit-empty',
      'A limit has a number of runs at the same time, a rate, or both.',
      '/maxConcurrent',
    );
  return undefined;
}

export function evolve(state: LimitState, event: LimitEvent): LimitState {
  switch (event.$typeName) {
    case 'limit.v1.LimitSaved': {
      const { version, rule = create(l.RuleSchema) } = event;
      return { status: 'saved', version, rule };
    }
    case 'limit.v1.LimitDeleted':
      return state.status === 'none' ? state : { status: 'deleted' };
    default:
      return impossible(event);
  }
}

export const limitDecider: Decider<LimitState, LimitCommand, LimitEvent, LimitRejectionCode> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
