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

const FIRST_BYTES = 64 * 1024;
/** Up to here a text is written letter by letter. */
const SHORT_CHARS = 48;
/** A buffer that once grew beyond it is not kept. */
const KEPT_BYTES = 4 * 1024 * 1024;

const WIRE_VARINT = 0;
const WIRE_64 = 1;
const WIRE_BYTES = 2;
const IMPLICIT = 2;

type Fields = Readonly<Record<string, unknown>>;
type Encoder = (message: Fields) => void;
type WriteValue = (value: unknown) => void;

class LeftToLibrary extends Error {}

let out = Buffer.allocUnsafe(FIRST_BYTES);
/** What is from here on is written. */
let at = FIRST_BYTES;

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

function encoded(encoder: Encoder, message: Fields): Uint8Array {
  at = out.length;
  encoder(message);
  const bytes = new Uint8Array(out.length - at);
  bytes.set(out.subarray(at));
  if (out.length > KEPT_BYTES) out = Buffer.allocUnsafe(FIRST_BYTES);
  return bytes;
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
    const before = out.length - at;
    for (let i = items.length - 1; i >= 0; i--) {
      write(items[i]);
      if (!packed) tag();
    }
    if (!packed) return;
    varint(out.length - at - before);
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
      return (value) => {
        if (typeof value !== 'number') throw new LeftToLibrary();
        at -= 8;
        if (at < 0) grow();
        out.writeDoubleLE(value, at);
      };
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
    const before = out.length - at;
    encoder(value as Fields);
    varint(out.length - at - before);
  };
}

function measured(write: () => void): void {
  const before = out.length - at;
  write();
  varint(out.length - at - before);
}

function tagOf(number: number, wireType: number): () => void {
  const tag = (number << 3) | wireType;
  return () => varint(tag);
}

/** Makes room in front. `at` has been moved below zero already, by what is about to be written there. */
function grow(): void {
  const larger = Buffer.allocUnsafe(2 * (out.length - at));
  const shift = larger.length - out.length;
  out.copy(larger, shift);
  at += shift;
  out = larger;
}

function varint(value: number): void {
  if (!(value >= 0 && value <= 0xffffffff) || !Number.isInteger(value)) throw new LeftToLibrary();
  const length =
    value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
  at -= length;
  if (at < 0) grow();
  let rest = value;
  let to = at;
  while (rest > 0x7f) {
    out[to++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  out[to] = rest;
}

function text(value: string): void {
  if (typeof value !== 'string') throw new LeftToLibrary();
  const { length } = value;
  if (length <= SHORT_CHARS && shortText(value, length)) return;
  if (!value.isWellFormed()) throw new LeftToLibrary();
  const size = Buffer.byteLength(value, 'utf8');
  at -= size;
  if (at < 0) grow();
  out.write(value, at, size, 'utf8');
  varint(size);
}

/** False when it is not of plain letters: then nothing is written. */
function shortText(value: string, length: number): boolean {
  at -= length;
  if (at < 0) grow();
  for (let i = 0; i < length; i++) {
    const letter = value.charCodeAt(i);
    if (letter > 0x7f) {
      at += length;
      return false;
    }
    out[at + i] = letter;
  }
  varint(length);
  return true;
}

function bytes(value: Uint8Array): void {
  if (!(value instanceof Uint8Array)) throw new LeftToLibrary();
  at -= value.length;
  if (at < 0) grow();
  out.set(value, at);
  varint(value.length);
}
