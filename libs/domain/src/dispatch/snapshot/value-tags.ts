/**
 * How a snapshot writes plain values: each with a tag of one byte, small numbers as the tag itself. Texts
 * that come again, and the names of an object's fields, are written once and referred to afterwards.
 */
export const TAGS = {
  /** Below: the number itself. */
  firstTag: 0x80,
  undefined: 0x80,
  null: 0x81,
  false: 0x82,
  true: 0x83,
  int32: 0x84,
  double: 0x85,
  emptyText: 0x86,
  text: 0x87,
  longText: 0x88,
  knownText: 0x89,
  list: 0x8a,
  object: 0x8b,
  newShape: 0x8c,
  map: 0x8d,
  set: 0x8e,
  bytes: 0x8f,
} as const;

/** Longer texts are not looked for among those that were written before. */
export const KNOWN_TEXT_CHARS = 128;
