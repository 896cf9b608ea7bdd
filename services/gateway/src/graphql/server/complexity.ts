import { getNamedType, isLeafType } from 'graphql';
import { type ComplexityEstimator } from 'graphql-query-complexity';
import { PAGE_DEFAULT } from '../../limits.js';

const LEAF_COST = 0.1;
const OBJECT_COST = 1;

/** A list costs its children as often as it was asked to have rows. */
export function costsPerRow(argument: 'first' | 'limit') {
  return ({
    args,
    childComplexity,
  }: {
    args: Record<string, unknown>;
    childComplexity: number;
  }) => {
    const rows = args[argument];
    return (
      OBJECT_COST + childComplexity * (typeof rows === 'number' ? Math.max(1, rows) : PAGE_DEFAULT)
    );
  };
}

/** Every other field: a leaf is nearly free, an object is a look-up and what hangs on it. */
export const plainCost: ComplexityEstimator = ({ field, childComplexity }) =>
  isLeafType(getNamedType(field.type)) ? LEAF_COST : OBJECT_COST + childComplexity;
