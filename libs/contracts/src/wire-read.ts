/**
 * Reads messages as the library does, in a third of the time: what owners and projections do most. A reader
 * is compiled from the descriptor of each message type. Whatever is not as our own writers write it, a field
 * that this build does not know or one that comes twice, bytes that are cut off, is left to the library,
 * which merges it, keeps it, or says what is wrong with it.
 */
import {
  create,
  type DescField,
  type DescMessage,
  type MessageShape,
  fromBinary as read,
  ScalarType,
} from '@bufbuild/protobuf';

const WIRE_VARINT = 0;
const WIRE_64 = 1;
const WIRE_BYTES = 2;
const IMPLICIT = 2;
/** Deeper than any message of ours. */
const DEPTH_MAX = 32;

type Fields = Record<string, unknown>;
type ReadField = (message: Fields, wireType: number) => void;
type ReadValue = () => unknown;

interface Reader {
  readonly zero: () => Fields;
  /** By number. */
  readonly fields: (ReadField | undefined)[];
}

class LeftToLibrary extends Error {}

/** One, and thrown without its stack: what is left is rare, and not for us to explain. */
const left = new LeftToLibrary();

let from: Buffer = Buffer.alloc(0);
let at = 0;
let depth = 0;

/** The message that the bytes hold. Throws what the library throws. */
export function fromBinary<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
): MessageShape<Desc> {
  const reader = readerOf(schema);
  if (reader === undefined) return read(schema, bytes);
  from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  at = 0;
  depth = 0;
  try {
    return message(reader, bytes.byteLength) as MessageShape<Desc>;
  } catch (error) {
    if (error === left) return read(schema, bytes);
    throw error;
  }
}

const compiled = new Map<DescMessage, Reader | 'none'>();

function readerOf(schema: DescMessage): Reader | undefined {
  const known = compiled.get(schema) ?? compile(schema) ?? 'none';
  compiled.set(schema, known);
  return known === 'none' ? undefined : known;
}

function compile(schema: DescMessage): Reader | undefined {
  // Wrappers and structs have a shape of their own.
  if (schema.typeName.startsWith('google.')) return undefined;
  const template = create(schema) as unknown as Fields;
  if (Object.getPrototypeOf(template) !== Object.prototype) return undefined;
  const reader: Reader = { zero: zeroOf(schema, template), fields: [] };
  // Before its fields: a type may hold itself.
  compiled.set(schema, reader);
  for (const field of schema.fields) {
    const readField = fieldReader(field);
    if (readField !== undefined) reader.fields[field.number] = readField;
  }
  return reader;
}

/** A copy of one message has the shape of all, and lists and choices of its own. */
function zeroOf(schema: DescMessage, template: Fields): () => Fields {
  const lists = schema.fields
    .filter(({ fieldKind }) => fieldKind === 'list')
    .map(({ localName }) => localName);
  const choices = schema.oneofs.map(({ localName }) => localName);
  if (lists.length === 0 && choices.length === 0) return () => ({ ...template });
  return () => {
    const made = { ...template };
    for (const name of lists) made[name] = [];
    for (const name of choices) made[name] = { case: undefined };
    return made;
  };
}

/** Undefined for what we do not use; a message that has it goes to the library. */
function fieldReader(field: DescField): ReadField | undefined {
  const value = valueReader(field);
  if (value === undefined) return undefined;
  const { localName: name } = field;
  const wanted = wireTypeOf(field);
  if (field.fieldKind === 'list') return listReader(name, wanted, value);
  if (field.oneof !== undefined) {
    const { localName: choice } = field.oneof;
    return (message, wireType) => {
      const chosen = message[choice] as { case: string | undefined };
      if (wireType !== wanted || chosen.case !== undefined) throw left;
      message[choice] = { case: name, value: value() };
    };
  }
  if (field.fieldKind === 'message')
    return (message, wireType) => {
      if (wireType !== wanted || message[name] !== undefined) throw left;
      message[name] = value();
    };
  if (field.presence !== IMPLICIT) return undefined;
  return (message, wireType) => {
    if (wireType !== wanted) throw left;
    message[name] = value();
  };
}

function listReader(name: string, wanted: number, value: ReadValue): ReadField {
  return (message, wireType) => {
    const items = message[name] as unknown[];
    if (wireType === wanted) {
      items.push(value());
      return;
    }
    if (wireType !== WIRE_BYTES) throw left;
    const end = lengthAhead();
    while (at < end) items.push(value());
    if (at !== end) throw left;
  };
}

function wireTypeOf(field: DescField): number {
  if (field.message !== undefined) return WIRE_BYTES;
  const scalar = field.enum === undefined ? field.scalar : undefined;
  if (scalar === ScalarType.DOUBLE) return WIRE_64;
  return scalar === ScalarType.STRING || scalar === ScalarType.BYTES ? WIRE_BYTES : WIRE_VARINT;
}

function valueReader(field: DescField): ReadValue | undefined {
  if (field.fieldKind === 'map') return undefined;
  if (field.message !== undefined) {
    if ('delimitedEncoding' in field && field.delimitedEncoding) return undefined;
    const { message: schema } = field;
    let reader: Reader | undefined;
    return () => {
      reader ??= readerOf(schema);
      const end = lengthAhead();
      if (reader === undefined) throw left;
      return message(reader, end);
    };
  }
  if (field.enum !== undefined) return field.enum.open ? number : undefined;
  switch (field.scalar) {
    case ScalarType.DOUBLE:
      return double;
    case ScalarType.UINT32:
      return number;
    case ScalarType.BOOL:
      return flag;
    case ScalarType.STRING:
      return text;
    case ScalarType.BYTES:
      return bytes;
    default:
      return undefined;
  }
}

function message({ zero, fields }: Reader, end: number): Fields {
  depth += 1;
  if (depth > DEPTH_MAX) throw left;
  const made = zero();
  while (at < end) {
    const tag = number();
    const readField = fields[tag >>> 3];
    if (readField === undefined) throw left;
    readField(made, tag & 7);
  }
  if (at !== end) throw left;
  depth -= 1;
  return made;
}

/** Up to 31 bits: a negative choice, or a larger number, is the library's to read. */
function number(): number {
  let byte = from[at++];
  if (byte === undefined) throw left;
  if (byte < 0x80) return byte;
  let value = byte & 0x7f;
  for (let shift = 7; shift < 28; shift += 7) {
    byte = from[at++];
    if (byte === undefined) throw left;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  byte = from[at++];
  if (byte === undefined || byte > 7) throw left;
  return value | (byte << 28);
}

function flag(): boolean {
  const value = number();
  if (value > 1) throw left;
  return value === 1;
}

function double(): number {
  if (at + 8 > from.length) throw left;
  const value = from.readDoubleLE(at);
  at += 8;
  return value;
}

/** The end of what has its length in front. */
function lengthAhead(): number {
  const end = number() + at;
  if (end > from.length) throw left;
  return end;
}

function text(): string {
  const length = number();
  const end = at + length;
  if (end > from.length) throw left;
  const value = from.toString('utf8', at, end);
  // Bytes that are no text: the library says what it makes of them.
  if (value.includes('\ufffd')) throw left;
  at = end;
  return value;
}

function bytes(): Uint8Array {
  const end = lengthAhead();
  const value = new Uint8Array(from.buffer, from.byteOffset + at, end - at);
  at = end;
  return value;
}
