import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { findJsonFault } from '../../problems/check-json.js';
import { parseOrRefuse } from '../../problems/faults-of.js';
import { invalid } from '../../problems/problem.js';

/** Holds bodies and queries to the zod schema that their parameter names. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    if (type !== 'query') return parseOrRefuse(schema, value ?? undefined);
    // A body has been looked through when it was read; a query comes here first.
    const fault = findJsonFault(value);
    if (fault !== undefined) throw invalid([{ ...fault, in: 'query' }]);
    return parseOrRefuse(schema, value, { in: 'query' });
  }
}
