import { rateOf, type ToldAccountLimits, type ToldPool } from '../../capacity/told-capacity.js';
import { type LimitRow } from '../../queries/capacity.js';
import { AccountLimits, NamedLimit, Pool } from '../types/capacity-types.js';

export function poolView(pool: ToldPool): Pool {
  const position = String(pool.position);
  return Object.assign(new Pool(), { __typename: 'Pool', ...pool, position });
}

export function limitView(row: LimitRow): NamedLimit {
  return Object.assign(new NamedLimit(), {
    __typename: 'NamedLimit',
    id: row.id,
    name: row.name,
    description: row.description,
    key: row.key_expression,
    maxConcurrent: row.max_concurrent || null,
    rate: rateOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    version: row.version,
    position: String(row.position),
  });
}

export function accountView(limits: ToldAccountLimits): AccountLimits {
  const position = String(limits.position);
  return Object.assign(new AccountLimits(), { __typename: 'AccountLimits', ...limits, position });
}
