import {
  create,
  type DescMessage,
  toBinary as library,
  fromBinary as libraryRead,
} from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as attempt from './attempt.js';
import * as dispatch from './dispatch.js';
import { schemasByAggregate } from './registry.js';
import { toBinary } from './wire.js';
import { fromBinary } from './wire-read.js';
import * as worker from './worker.js';

const schemas: readonly DescMessage[] = [
  ...Object.values(schemasByAggregate).flat(),
  dispatch.CommandSchema,
  dispatch.CommandReplySchema,
  dispatch.DispatchInputsSchema,
  attempt.OfferSchema,
  worker.HeartbeatSchema,
  worker.DemandSchema,
];

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constant('x'.repeat(5_000)),
);
const numbers = fc.oneof(fc.double(), fc.constant(-0), fc.constant(Date.UTC(2026, 10, 23)));

/** Any message of a type; a type that holds itself ends somewhere. */
function messages(schema: DescMessage, depth = 0): fc.Arbitrary<object> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of schema.fields) {
    if (field.oneof !== undefined) continue;
    const value = values(field, depth);
    if (field.fieldKind === 'list') fields[field.localName] = fc.array(value, { maxLength: 3 });
    else if (field.fieldKind === 'message')
      fields[field.localName] = fc.option(value, { nil: undefined });
    else fields[field.localName] = value;
  }
  for (const oneof of schema.oneofs) {
    const choices = oneof.fields.map((field) =>
      values(field, depth).map((value) => ({ case: field.localName, value })),
    );
    fields[oneof.localName] = fc.oneof(fc.constant({ case: undefined }), ...choices);
  }
  return fc.record(fields).map((init) => create(schema, init));
}

function values(field: DescMessage['fields'][number], depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined)
    return depth > 3 ? fc.constant(create(field.message)) : messages(field.message, depth + 1);
  if (field.enum !== undefined)
    return fc.constantFrom(...field.enum.values.map(({ number }) => number));
  switch (field.scalar) {
    case 1:
      return numbers;
    case 8:
      return fc.boolean();
    case 9:
      return texts;
    case 12:
      return fc.uint8Array({ maxLength: 50 });
    default:
      return fc.nat({ max: 0xffffffff });
  }
}

describe('bytes are those of the library', () => {
  test.each(schemas.map((schema) => [schema.typeName, schema] as const))('%s', (_, schema) => {
    fc.assert(
      fc.property(messages(schema), (message) => {
        const bytes = toBinary(schema, message as never);
        expect(Buffer.compare(bytes, library(schema, message as never))).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test('also of fields that this build does not know', () => {
    const newer = library(
      dispatch.AttemptAcceptedSchema,
      create(dispatch.AttemptAcceptedSchema, { executionId: 'e', workerId: 'w' }),
    );
    const read = fromBinary(dispatch.RetryPlannedSchema, newer);
    expect(Buffer.compare(toBinary(dispatch.RetryPlannedSchema, read), newer)).toBe(0);
  });

  test('and what it refuses is refused', () => {
    const message = create(dispatch.RetryPlannedSchema, { nextAttempt: -1 });
    expect(() => toBinary(dispatch.RetryPlannedSchema, message)).toThrow();
  });
});

describe('what is read is what the library reads', () => {
  test.each(schemas.map((schema) => [schema.typeName, schema] as const))('%s', (_, schema) => {
    fc.assert(
      fc.property(messages(schema), (message) => {
        const bytes = library(schema, message as never);
        expect(fromBinary(schema, bytes)).toStrictEqual(libraryRead(schema, bytes));
      }),
      { numRuns: 40 },
    );
  });

  test('also of bytes that are no message, or a part of one', () => {
    const known = library(dispatch.DispatchInputsSchema, someInputs());
    const spoilt = fc.tuple(fc.nat({ max: known.length }), fc.uint8Array({ maxLength: 12 }));
    fc.assert(
      fc.property(spoilt, ([kept, tail]) => {
        const bytes = Buffer.concat([known.subarray(0, kept), tail]);
        expect(outcome(fromBinary, bytes)).toStrictEqual(outcome(libraryRead, bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  test('also of fields that this build does not know, and of those that come twice', () => {
    const newer = library(
      dispatch.AttemptAcceptedSchema,
      create(dispatch.AttemptAcceptedSchema, { executionId: 'e', workerId: 'w' }),
    );
    const known = library(dispatch.DispatchInputsSchema, someInputs());
    const twice = Buffer.concat([known, known]);
    for (const [schema, bytes] of [
      [dispatch.RetryPlannedSchema, newer],
      [dispatch.DispatchInputsSchema, twice],
    ] as const)
      expect(fromBinary(schema, bytes)).toStrictEqual(libraryRead(schema, bytes));
  });
});

function someInputs(): dispatch.DispatchInputs {
  return create(dispatch.DispatchInputsSchema, {
    decidedAtMs: Date.UTC(2026, 10, 23),
    definitionsSeq: 300,
    ticks: { seq: 7, index: 3 },
    workers: [{ workerId: 'wörker', pools: [{ pool: 'system', slots: 70_000 }] }],
  });
}

function outcome(read: typeof libraryRead, bytes: Uint8Array): unknown {
  try {
    return read(dispatch.DispatchInputsSchema, bytes);
  } catch (error) {
    return String(error);
  }
}
