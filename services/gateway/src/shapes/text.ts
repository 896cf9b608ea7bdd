import { z } from 'zod';
import { SUBJECT_TOKEN } from '#libs/contracts';
import { NAME_MAX_CHARS, PARAMETERS_MAX_BYTES } from '../limits.js';

// Characters that hide or turn round what a name shows: controls, and marks of direction.
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const CONTROLS_BUT_LINES = /[^\P{Cc}\n\r\t]/u;

/** One line for people to read. */
export const nameText = z
  .string()
  .min(1, { abort: true })
  .max(NAME_MAX_CHARS)
  .refine((text) => !UNSEEN.test(text), {
    message: 'A name may not hold control characters or marks of direction.',
    params: { code: 'control-character', remedy: 'Take the invisible characters out.' },
  })
  .refine((text) => text.trim() !== '', {
    message: 'A name may not be blank.',
    params: { code: 'blank', remedy: 'Give it a name.' },
  });

/** Several lines for people to read. */
export function proseText(maxChars: number) {
  return z
    .string()
    .max(maxChars)
    .refine((text) => !CONTROLS_BUT_LINES.test(text), {
      message: 'The text may not hold control characters.',
      params: { code: 'control-character', remedy: 'Take the invisible characters out.' },
    });
}

/** An id of ours: part of a subject, so without dots, blanks and wildcards. */
export const idText = z.string().refine((text) => SUBJECT_TOKEN.test(text), {
  message: 'An id has 1 to 64 letters, digits, hyphens or underscores.',
  params: { code: 'bad-id', remedy: 'Use the id as it was given to you.' },
});

/** Key or value of a label. */
export const labelText = z.string().refine((text) => SUBJECT_TOKEN.test(text), {
  message: 'It has 1 to 64 letters, digits, hyphens or underscores.',
  params: { code: 'bad-label', remedy: 'Leave out other characters.' },
});

/** A JSON object within the size of parameters. */
export const parametersObject = z
  .record(z.string(), z.unknown())
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= PARAMETERS_MAX_BYTES, {
    message: `Parameters may be ${PARAMETERS_MAX_BYTES} bytes as JSON.`,
    params: { code: 'too-large', remedy: 'Keep large data elsewhere, and pass where it is.' },
  });
