/**
 * The buffer that messages are written into, from its end towards its beginning. There is one, since
 * nothing is written while something else is.
 */

const FIRST_BYTES = 64 * 1024;
/** Up to here a text is written letter by letter. */
const SHORT_CHARS = 48;
/** A buffer that once grew beyond it is not kept. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** What cannot be written here; the library may still do it, or says what is wrong. */
export class LeftToLibrary extends Error {}

let out = Buffer.allocUnsafe(FIRST_BYTES);
/** What is from here on is written. */
let at = FIRST_BYTES;

/** What `write` writes, as bytes of their own. */
export function collected(write: () => void): Uint8Array<ArrayBuffer> {
  at = out.length;
  write();
  const bytes = new Uint8Array(out.length - at);
  bytes.set(out.subarray(at));
  if (out.length > KEPT_BYTES) out = Buffer.allocUnsafe(FIRST_BYTES);
  return bytes;
}

/** How much is written. To be asked before something is, whose length comes in front of it. */
export function writtenBytes(): number {
  return out.length - at;
}

export function double(value: unknown): void {
  if (typeof value !== 'number') throw new LeftToLibrary();
  at -= 8;
  if (at < 0) grow();
  out.writeDoubleLE(value, at);
}

/** Makes room in front. `at` has been moved below zero already, by what is about to be written there. */
function grow(): void {
  const larger = Buffer.allocUnsafe(2 * (out.length - at));
  const shift = larger.length - out.length;
  out.copy(larger, shift);
  at += shift;
  out = larger;
}

/** A whole number of up to 32 bits. */
export function varint(value: number): void {
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

export function text(value: string): void {
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

export function bytes(value: Uint8Array): void {
  if (!(value instanceof Uint8Array)) throw new LeftToLibrary();
  at -= value.length;
  if (at < 0) grow();
  out.set(value, at);
  varint(value.length);
}
