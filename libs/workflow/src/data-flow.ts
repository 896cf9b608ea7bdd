import type { Export } from './definition.js';
import type { Json } from './json.js';
import type { Machine, Sight } from './machine.js';
import { checkSchema } from './schemas.js';

/** `export.as` replaces the context with what it gives. */
export function exportContext(
  machine: Machine,
  definition: Export | undefined,
  output: Json,
  sight: Sight,
): void {
  if (definition?.as === undefined) return;
  const context = machine.transform(definition.as, output, { ...sight, output });
  checkSchema(definition.schema, context, { instance: sight.place.path, what: 'context' });
  machine.context = context;
}
