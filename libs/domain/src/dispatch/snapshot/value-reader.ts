/** Reads what the writer wrote. Bytes that are not of it throw. */
import { TAGS } from './value-tags.js';

export class ValueReader {
  readonly #bytes: Buffer;
  #at = 0;
  readonly #texts: string[] = [];
  readonly #shapes: (readonly string[])[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  raw(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('the bytes end too early');
    const bytes = new Uint8Array(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return bytes;
  }

  value(): unknown {
    const tag = this.#bytes.readUInt8(this.#at++);
    if (tag < TAGS.firstTag) return tag;
    switch (tag) {
      case TAGS.undefined:
        return undefined;
      case TAGS.null:
        return null;
      case TAGS.false:
        return false;
      case TAGS.true:
        return true;
      case TAGS.int32:
        this.#at += 4;
        return this.#bytes.readInt32LE(this.#at - 4);
      case TAGS.double:
        this.#at += 8;
        return this.#bytes.readDoubleLE(this.#at - 8);
      case TAGS.emptyText:
        return '';
      case TAGS.text:
        return this.#knownFromNow(this.#text());
      case TAGS.longText:
        return this.#text();
      case TAGS.knownText:
        return this.#known(this.#count());
      default:
        return this.#object(tag);
    }
  }

  #object(tag: number): object {
    switch (tag) {
      case TAGS.list:
        return Array.from({ length: this.#count() }, () => this.value());
      case TAGS.object:
        return this.#fields(this.#shapes[this.#count()]);
      case TAGS.newShape:
        return this.#fields(this.#newShape());
      case TAGS.map:
        return new Map(
          Array.from({ length: this.#count() }, () => [this.value(), this.value()] as const),
        );
      case TAGS.set:
        return new Set(Array.from({ length: this.#count() }, () => this.value()));
      case TAGS.bytes:
        return this.raw(this.#count());
      default:
        throw new RangeError(`${tag} is no tag`);
    }
  }

  #newShape(): readonly string[] {
    const keys = Array.from({ length: this.#count() }, () => String(this.value()));
    this.#shapes.push(keys);
    return keys;
  }

  #fields(keys: readonly string[] | undefined): object {
    if (keys === undefined) throw new RangeError('an object of a shape that was not told');
    const object: Record<string, unknown> = {};
    for (const key of keys) object[key] = this.value();
    return object;
  }

  #text(): string {
    const length = this.#count();
    if (this.#at + length > this.#bytes.length) throw new RangeError('the bytes end too early');
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  #knownFromNow(text: string): string {
    this.#texts.push(text);
    return text;
  }

  #known(place: number): string {
    const text = this.#texts[place];
    if (text === undefined) throw new RangeError('a text that was not told');
    return text;
  }

  #count(): number {
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }
}
