/**
 * A pool of an account: the workers that serve its name, as far as the account may use them.
 *
 *   (none, or built in) --save--> saved --delete--> none
 *                          \--pause / resume
 *
 * The built-in pools are there from the beginning, can be saved and paused, and stay.
 */
import { create, type PoolEvent, pool as p } from '#libs/contracts';
import { COST_LIMITS, unitsOf } from '../cost/micros.js';
import { type Decider, type Decision, impossible, reject } from '../decider.js';

export const BUILT_IN_POOLS = ['browser', 'workflow', 'system'] as const;

export const POOL_LIMITS = {
  nameLength: 32,
  descriptionLength: 500,
  reasonLength: 500,
  maxConcurrent: 100_000,
} as const;

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

export interface PoolState {
  readonly status: 'none' | 'saved';
  readonly description: string;
  /** 0: no limit. */
  readonly maxConcurrent: number;
  /** Of a slot for an hour; 0: nothing. */
  readonly computeRateMicros: number;
  readonly paused: boolean;
  readonly reason: string;
}

export type PoolCommand =
  | {
      readonly type: 'save';
      readonly name: string;
      /** There may be none of this name yet. */
      readonly isNew: boolean;
      readonly description: string;
      readonly maxConcurrent: number;
      /** Left out: as it was. */
      readonly computeRateMicros?: number | undefined;
    }
  | { readonly type: 'pause'; readonly name: string; readonly reason: string }
  | { readonly type: 'resume'; readonly name: string }
  /** `usedBy`: tasks of the account that name it. */
  | { readonly type: 'delete'; readonly name: string; readonly usedBy: readonly string[] };

export type PoolRejectionCode =
  | 'pool-unknown'
  | 'pool-exists'
  | 'pool-built-in'
  | 'pool-in-use'
  | 'name-invalid'
  | 'description-too-long'
  | 'reason-too-long'
  | 'max-concurrent-invalid'
  | 'compute-rate-invalid';

export function isBuiltInPool(name: string): boolean {
  return (BUILT_IN_POOLS as readonly string[]).includes(name);
}

export const noPool: PoolState = {
  status: 'none',
  description: '',
  maxConcurrent: 0,
  computeRateMicros: 0,
  paused: false,
  reason: '',
};

export function decide(
  command: PoolCommand,
  state: PoolState,
): Decision<PoolEvent, PoolRejectionCode> {
  const { name } = command;
  const isThere = state.status !== 'none' || isBuiltInPool(name);
  if (command.type === 'save') return save(command, state, isThere);
  if (!isThere) return reject('pool-unknown', `There is no pool ${shortened(name)}.`);
  switch (command.type) {
    case 'pause':
      if (command.reason.length > POOL_LIMITS.reasonLength)
        return reject(
          'reason-too-long',
          `A reason has at most ${POOL_LIMITS.reasonLength} characters.`,
          '/reason',
        );
      if (state.paused && state.reason === command.reason) return [];
      return [create(p.PoolPausedSchema, { reason: command.reason })];
    case 'resume':
      return state.paused ? [create(p.PoolResumedSchema)] : [];
    case 'delete':
      if (isBuiltInPool(name)) return reject('pool-built-in', 'A built-in pool stays.');
      if (command.usedBy.length > 0)
        return reject(
          'pool-in-use',
          `Tasks name it: ${inWords(command.usedBy)}. Give them another pool first.`,
        );
      return [create(p.PoolDeletedSchema)];
    default:
      return impossible(command);
  }
}

function save(
  {
    name,
    isNew,
    description,
    maxConcurrent,
    computeRateMicros: rate,
  }: PoolCommand & {
    type: 'save';
  },
  state: PoolState,
  isThere: boolean,
): Decision<PoolEvent, PoolRejectionCode> {
  if (!NAME.test(name))
    return reject(
      'name-invalid',
      `A pool's name has 1 to ${POOL_LIMITS.nameLength} of a-z, 0-9 and -, and begins with a letter.`,
      '/name',
    );
  if (isNew && isThere)
    return reject('pool-exists', `There is a pool ${name} already. Change that one.`, '/name');
  if (!isNew && !isThere) return reject('pool-unknown', `There is no pool ${name}.`);
  if (description.length > POOL_LIMITS.descriptionLength)
    return reject(
      'description-too-long',
      `A description has at most ${POOL_LIMITS.descriptionLength} characters.`,
      '/description',
    );
  if (maxConcurrent > POOL_LIMITS.maxConcurrent)
    return reject(
      'max-concurrent-invalid',
      `Between 0 (no limit) and ${POOL_LIMITS.maxConcurrent}.`,
      '/maxConcurrent',
    );
  const computeRateMicros = rate ?? state.computeRateMicros;
  if (!isRate(computeRateMicros))
    return reject(
      'compute-rate-invalid',
      `Between 0 and ${unitsOf(COST_LIMITS.rateMicros)} an hour, to the millionth.`,
      '/computeRate',
    );
  const isSame =
    state.description === description &&
    state.maxConcurrent === maxConcurrent &&
    state.computeRateMicros === computeRateMicros;
  if (isSame && isThere) return [];
  return [create(p.PoolSavedSchema, { description, maxConcurrent, computeRateMicros })];
}

function isRate(micros: number): boolean {
  return Number.isSafeInteger(micros) && micros >= 0 && micros <= COST_LIMITS.rateMicros;
}

/** The first few of many. */
export function inWords(names: readonly string[]): string {
  const first = names.slice(0, 3).map(shortened).join(', ');
  return names.length > 3 ? `${first} and ${names.length - 3} more` : first;
}

function shortened(text: string): string {
  return text.length > 64 ? `${text.slice(0, 63)}…` : text;
}

export function evolve(state: PoolState, event: PoolEvent): PoolState {
  switch (event.$typeName) {
    case 'pool.v1.PoolSaved': {
      const { description, maxConcurrent, computeRateMicros } = event;
      return { ...state, status: 'saved', description, maxConcurrent, computeRateMicros };
    }
    case 'pool.v1.PoolPaused':
      return { ...state, paused: true, reason: event.reason };
    case 'pool.v1.PoolResumed':
      return { ...state, paused: false, reason: '' };
    case 'pool.v1.PoolDeleted':
      return noPool;
    default:
      return impossible(event);
  }
}

export const poolDecider: Decider<PoolState, PoolCommand, PoolEvent, PoolRejectionCode> = {
  initial: noPool,
  decide,
  evolve,
};
