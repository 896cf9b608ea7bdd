/** Writes plain values into bytes that can be taken away piece by piece. */
import { KNOWN_TEXT_CHARS, TAGS } from './value-tags.js';

interface Shape {
  readonly number: number;
  readonly keys: readonly string[];
}

const FIRST_BYTES = 64 * 1024;
/** Of one character of UTF-16, at most. */
const BYTES_A_CHAR = 3;
const TAG_AND_NUMBER_BYTES = 9;

export class ValueWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #at = 0;
  readonly #texts = new Map<string, number>();
  /** By how many fields they have. */
  readonly #shapes = new Map<number, Shape[]>();
  #shapeCount = 0;

  /** Written and not taken away. */
  get size(): number {
    return this.#at;
  }

  take(): Uint8Array {
    const taken = new Uint8Array(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return taken;
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  value(value: unknown): void {
    if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'boolean') this.#tag(value ? TAGS.true : TAGS.false);
    else if (value === undefined) this.#tag(TAGS.undefined);
    else if (value === null) this.#tag(TAGS.null);
    else if (typeof value === 'object') this.#object(value);
    else throw new TypeError(`a ${typeof value} is not kept in a snapshot`);
  }

  #number(value: number): void {
    this.#room(TAG_AND_NUMBER_BYTES);
    // -0 is a double: `| 0` would lose its sign.
    if ((value | 0) !== value || Object.is(value, -0)) {
      this.#bytes[this.#at] = TAGS.double;
      this.#bytes.writeDoubleLE(value, this.#at + 1);
      this.#at += 9;
    } else if (value >= 0 && value < TAGS.firstTag) {
      this.#bytes[this.#at++] = value;
    } else {
      this.#bytes[this.#at] = TAGS.int32;
      this.#bytes.writeInt32LE(value, this.#at + 1);
      this.#at += 5;
    }
  }

  #text(value: string): void {
    if (value === '') {
      this.#tag(TAGS.emptyText);
      return;
    }
    const mayBeKnown = value.length <= KNOWN_TEXT_CHARS;
    const known = mayBeKnown ? this.#texts.get(value) : undefined;
    if (known !== undefined) {
      this.#tag(TAGS.knownText);
      this.#count(known);
      return;
    }
    if (mayBeKnown) this.#texts.set(value, this.#texts.size);
    this.#room(value.length * BYTES_A_CHAR + TAG_AND_NUMBER_BYTES);
    this.#bytes[this.#at] = mayBeKnown ? TAGS.text : TAGS.longText;
    const length = this.#bytes.write(value, this.#at + 5, 'utf8');
    this.#bytes.writeUInt32LE(length, this.#at + 1);
    this.#at += 5 + length;
  }

  #object(value: object): void {
    if (Array.isArray(value)) {
      this.#tag(TAGS.list);
      this.#count(value.length);
      for (const one of value) this.value(one);
    } else if (value instanceof Map) {
      this.#tag(TAGS.map);
      this.#count(value.size);
      for (const [key, one] of value) {
        this.value(key);
        this.value(one);
      }
    } else if (value instanceof Set) {
      this.#tag(TAGS.set);
      this.#count(value.size);
      for (const one of value) this.value(one);
    } else if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value;
      this.#tag(TAGS.bytes);
      this.#count(byteLength);
      this.raw(new Uint8Array(buffer, byteOffset, byteLength));
    } else {
      this.#fields(value as Readonly<Record<string, unknown>>);
    }
  }

  #fields(value: Readonly<Record<string, unknown>>): void {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      throw new TypeError(`a ${prototype.constructor?.name} is not kept in a snapshot as it is`);
    const keys = Object.keys(value);
    this.#shape(keys);
    for (let place = 0; place < keys.length; place++) this.value(value[keys[place] as string]);
  }

  #shape(keys: readonly string[]): void {
    const alike = this.#shapes.get(keys.length) ?? [];
    for (const { number, keys: known } of alike) {
      if (!isSame(keys, known)) continue;
      this.#tag(TAGS.object);
      this.#count(number);
      return;
    }
    this.#shapes.set(keys.length, [...alike, { number: this.#shapeCount++, keys }]);
    this.#tag(TAGS.newShape);
    this.#count(keys.length);
    for (const key of keys) this.#text(key);
  }

  #tag(tag: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = tag;
  }

  #count(count: number): void {
    this.#room(TAG_AND_NUMBER_BYTES);
    this.#at = this.#bytes.writeUInt32LE(count, this.#at);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  for (let place = 0; place < one.length; place++) if (one[place] !== other[place]) return false;
  return true;
}
