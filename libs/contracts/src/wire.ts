/**
 * Writes messages as protobuf does, byte for byte, several times as fast as the library: a journal
 * under load spends most of its time on it. The buffer is filled from its end, so that the length of
 * what is nested is known when it is written, and nothing is copied but the result.
 *
 * Encoders are compiled from the descriptors, one for each message type. What we do not use (maps, 64-bit
 * integers, groups, required fields) is left to the library, and so is whatever is out of its range.
 */
import {
  type DescField,
  type DescMessage,
  type MessageShape,
  ScalarType,
  toBinary as written,
} from '@bufbuild/protobuf';
import {
  bytes,
  collected,
  double,
  LeftToLibrary,
  text,
  varint,
  writtenBytes,
} from './wire-buffer.js';

const WIRE_VARINT = 0;
const WIRE_64 = 1;
const WIRE_BYTES = 2;
const IMPLICIT = 2;

type Fields = Readonly<Record<string, unknown>>;
type Encoder = (message: Fields) => void;
type WriteValue = (value: unknown) => void;

/** The message in bytes. */
export function toBinary<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
): Uint8Array {
  const encoder = encoderOf(schema);
  if (encoder === undefined) return written(schema, message);
  try {
    return encoded(encoder, message as unknown as Fields);
  } catch (error) {
    // The library says what is wrong with it, if anything is.
    if (error instanceof LeftToLibrary) return written(schema, message);
    throw error;
  }
}

/** As `toBinary`; fields of bytes that are named in `nested` may hold a message instead. */
export function encoderWith<Desc extends DescMessage>(
  schema: Desc,
  nested: (message: { readonly $typeName: string }) => DescMessage | undefined,
): (message: Fields) => Uint8Array {
  const encoder = compile(schema, new Map(), (value) => {
    const inner = nested(value);
    const write = inner && encoderOf(inner);
    if (inner !== undefined && write !== undefined) write(value as unknown as Fields);
    else throw new LeftToLibrary();
  });
  if (encoder === undefined) throw new Error(`${schema.typeName} can not be compiled`);
  return (message) => encoded(encoder, message);
}

/** True for what an encoder gave up, and the library may still do. */
export function isLeftToLibrary(error: unknown): boolean {
  return error instanceof LeftToLibrary;
}

function encoded(encoder: Encoder, message: Fields): Uint8Array<ArrayBuffer> {
  return collected(() => encoder(message));
}

const compiled = new WeakMap<DescMessage, Encoder | 'none'>();

function encoderOf(schema: DescMessage): Encoder | undefined {
  const known = compiled.get(schema) ?? compile(schema, new Map()) ?? 'none';
  compiled.set(schema, known);
  return known === 'none' ? undefined : known;
}

type WriteMessage = (message: { readonly $typeName: string }) => void;

function compile(
  schema: DescMessage,
  under: Map<DescMessage, Encoder>,
  nested?: WriteMessage,
): Encoder | undefined {
  const before = under.get(schema);
  if (before !== undefined) return before;
  const writers: Encoder[] = [];
  const { typeName } = schema;
  const encoder: Encoder = (message) => {
    if (message['$typeName'] !== typeName) throw new LeftToLibrary();
    const unknown = message['$unknown'] as { length: number } | undefined;
    if (unknown !== undefined && unknown.length > 0) throw new LeftToLibrary();
    for (let i = writers.length - 1; i >= 0; i--) (writers[i] as Encoder)(message);
  };
  // Before its fields: a type may hold itself.
  under.set(schema, encoder);
  for (const field of schema.fields.toSorted((one, other) => one.number - other.number)) {
    const writer = fieldWriter(field, under, nested);
    if (writer === undefined) return undefined;
    writers.push(writer);
  }
  return encoder;
}

function fieldWriter(
  field: DescField,
  under: Map<DescMessage, Encoder>,
  nested: WriteMessage | undefined,
): Encoder | undefined {
  const { localName: name, number } = field;
  const write = valueWriter(field, under, nested);
  if (write === undefined) return undefined;
  if (field.fieldKind === 'list') return listWriter(field, write);
  if (field.oneof !== undefined) {
    const { localName: choice } = field.oneof;
    const tag = tagOf(number, wireTypeOf(field));
    return (message) => {
      const chosen = message[choice] as { case?: string; value?: unknown } | undefined;
      if (chosen?.case !== name) return;
      write(chosen.value);
      tag();
    };
  }
  const tag = tagOf(number, wireTypeOf(field));
  if (field.presence !== IMPLICIT && field.fieldKind !== 'message') return undefined;
  const isZero = zeroTest(field);
  return (message) => {
    const value = message[name];
    if (value === undefined || isZero(value)) return;
    write(value);
    tag();
  };
}

function listWriter(field: Extract<DescField, { fieldKind: 'list' }>, write: WriteValue): Encoder {
  const { localName: name, number, packed } = field;
  const tag = tagOf(number, packed ? WIRE_BYTES : wireTypeOf(field));
  return (message) => {
    const items = message[name] as readonly unknown[] | undefined;
    if (items === undefined || items.length === 0) return;
    const before = writtenBytes();
    for (let i = items.length - 1; i >= 0; i--) {
      write(items[i]);
      if (!packed) tag();
    }
    if (!packed) return;
    varint(writtenBytes() - before);
    tag();
  };
}

function wireTypeOf(field: DescField): number {
  if (field.message !== undefined) return WIRE_BYTES;
  const scalar = field.enum === undefined ? field.scalar : undefined;
  if (scalar === ScalarType.DOUBLE) return WIRE_64;
  return scalar === ScalarType.STRING || scalar === ScalarType.BYTES ? WIRE_BYTES : WIRE_VARINT;
}

function zeroTest(field: DescField): (value: unknown) => boolean {
  if (field.fieldKind === 'message') return () => false;
  if (field.fieldKind === 'enum') return (value) => value === 0;
  switch (field.fieldKind === 'scalar' ? field.scalar : undefined) {
    case ScalarType.BOOL:
      return (value) => value === false;
    case ScalarType.STRING:
      return (value) => value === '';
    case ScalarType.BYTES:
      return (value) => (value as Uint8Array).length === 0;
    // Minus zero is another number.
    default:
      return (value) => Object.is(value, 0);
  }
}

function valueWriter(
  field: DescField,
  under: Map<DescMessage, Encoder>,
  nested: WriteMessage | undefined,
): WriteValue | undefined {
  if (field.fieldKind === 'map') return undefined;
  if (field.message !== undefined) return messageWriter(field.message, under, nested);
  if (field.enum !== undefined) return (value) => varint(value as number);
  switch (field.scalar) {
    case ScalarType.DOUBLE:
      return double;
    case ScalarType.UINT32:
      return (value) => varint(value as number);
    case ScalarType.BOOL:
      return (value) => varint(value === true ? 1 : 0);
    case ScalarType.STRING:
      return (value) => text(value as string);
    case ScalarType.BYTES:
      return (value) => {
        if (nested !== undefined && !(value instanceof Uint8Array))
          measured(() => nested(value as { $typeName: string }));
        else bytes(value as Uint8Array);
      };
    default:
      return undefined;
  }
}

function messageWriter(
  schema: DescMessage,
  under: Map<DescMessage, Encoder>,
  nested: WriteMessage | undefined,
): WriteValue | undefined {
  const encoder = compile(schema, under, nested);
  if (encoder === undefined) return undefined;
  return (value) => {
    const before = writtenBytes();
    encoder(value as Fields);
    varint(writtenBytes() - before);
  };
}

function measured(write: () => void): void {
  const before = writtenBytes();
  write();
  varint(writtenBytes() - before);
}

function tagOf(number: number, wireType: number): () => void {
  const tag = (number << 3) | wireType;
  return () => varint(tag);
}
