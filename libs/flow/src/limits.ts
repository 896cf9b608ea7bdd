/** Every limit of a flow, in one place. A flow beyond one of them is refused before anything is stored. */
export const FLOW_LIMITS = {
  /** UTF-8 bytes of the flow as JSON. */
  flowBytes: 256 * 1024,
  steps: 500,
  titleChars: 200,
  urlChars: 4_096,
  /** Alternatives of one step. */
  selectors: 20,
  /** Links of one alternative (a chain goes into shadow roots). */
  selectorLinks: 10,
  selectorChars: 2_000,
  valueChars: 16_384,
  expressionChars: 8_192,
  keyChars: 32,
  assertions: 10,
  frameDepth: 10,
  /** Attributes or properties that one waitForElement may ask for. */
  attributes: 20,
  /** How many elements a waitForElement may count. */
  elements: 10_000,
  stepTimeoutMs: 600_000,
  clickDurationMs: 10_000,
  viewportPixels: 8_192,
  scrollPixels: 10_000_000,
  /** Values that one flow may extract. */
  extracts: 100,
  /** Characters of one string after its templates were filled in. */
  filledChars: 65_536,
  /** UTF-8 bytes of the flow as JSON with its templates filled in. */
  filledBytes: 1024 * 1024,
  /** Problems told at once; who has more gets the first ones. */
  problems: 50,
} as const;

/** What a step waits for when neither it nor its flow names a time-out; the Recorder's own default. */
export const STEP_TIMEOUT_DEFAULT_MS = 5_000;
