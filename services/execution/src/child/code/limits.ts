/** Bounds of what a program may say, in one place. What it may use is bounded from outside. */
export const CODE_LIMITS = {
  /** One line of its log; the worker cuts it further. */
  lineBytes: 16 * 1024,
  /** One thing that a script tells: an output is the largest. */
  toldBytes: 128 * 1024,
  outputBytes: 64 * 1024,
  /** What was printed last may come a little after the end; what a daemon prints is not waited for. */
  lastLinesMs: 300,
  lastLines: 5,
  lastLineChars: 300,
  /** Of what a step of a workflow prints, each way; the rest is cut off. */
  printedBytes: 60 * 1024,
  /** A folder with less room than this is full. */
  roomBytes: 64 * 1024,
} as const;
