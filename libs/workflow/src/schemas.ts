/** The JSON schemas that a definition carries, to check inputs, outputs and the context against. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from './definition.js';
import { fault } from './fault.js';
import type { Json } from './json.js';

const compiled = new WeakMap<object, ValidateFunction>();

/** Throws what is wrong with the schema itself. */
function validatorOf(schema: Schema): ValidateFunction {
  let validate = compiled.get(schema.document);
  if (!validate) {
    // One of its own each: two definitions may use one `$id`. Nothing is ever fetched.
    const ajv = new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false });
    const { $schema: _, $async: isAsync, ...document } = schema.document;
    if (isAsync !== undefined) throw new Error('A schema here has no `$async`.');
    validate = ajv.compile(document);
    compiled.set(schema.document, validate);
  }
  return validate;
}

/** What is wrong with a schema; undefined: nothing. */
export function schemaProblem(schema: Schema): string | undefined {
  try {
    validatorOf(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : 'It can not be read.';
  }
}

export function checkSchema(
  schema: Schema | undefined,
  value: Json,
  { instance, what }: { readonly instance: string; readonly what: string },
): void {
  if (!schema) return;
  const validate = validatorOf(schema);
  if (validate(value)) return;
  const [first] = validate.errors ?? [];
  throw fault('validation', instance, {
    title: `The ${what} does not fit its schema`,
    detail: `${first?.instancePath || '/'} ${first?.message ?? 'does not fit'}`,
  });
}
