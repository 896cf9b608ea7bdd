/** Every limit of a workflow, in one place. What is beyond one is refused, or ends the run, by name. */
export const WORKFLOW_LIMITS = {
  /** UTF-8 bytes of the definition as it was written. */
  documentBytes: 256 * 1024,
  /** Objects and lists within each other, in the document. */
  documentDepth: 64,
  /** Values of the document once its aliases stand for what they mean. */
  documentNodes: 20_000,
  /** Aliases of a YAML document. */
  aliases: 50,
  /** Tasks of a definition, at all depths. */
  tasks: 2_000,
  /** Tasks within each other. */
  nesting: 20,
  forkBranches: 1_000,
  expressions: 2_000,
  expressionChars: 8_192,
  nameChars: 200,
  /** Problems told at once; who has more gets the first ones. */
  problems: 50,

  /** Tasks that one run may enter, loops and retries counted: what bounds an endless loop. */
  tasksEntered: 10_000,
  /** Facts of one run, whatever they say. */
  historyEvents: 50_000,
  /** UTF-8 bytes of all facts of one run, as JSON. */
  historyBytes: 16 * 1024 * 1024,
  /** UTF-8 bytes of what one step gives, as JSON. */
  outputBytes: 256 * 1024,
  /** UTF-8 bytes of the input of a run, as JSON. */
  inputBytes: 256 * 1024,
  /** Lists and objects within each other, in whatever a run is given or computes. */
  valueDepth: 200,
  /** Events that wait to be taken by one listener. */
  queuedEvents: 1_000,
  /** Runs of one `try` beyond the first, when its policy names no limit. */
  retries: 100,
  /** A wait, a time-out, or the delay of a retry. */
  durationMs: 366 * 24 * 3_600_000,

  /** What one jq expression may take; beyond it its thread is ended. */
  jqMs: 1_000,
  /** Until the jq thread is ready for its first expression. */
  jqStartMs: 20_000,
  /** UTF-8 bytes of what jq is given: the input and the variables that the expression names. */
  jqInputBytes: 8 * 1024 * 1024,
  /** UTF-8 bytes of what one jq expression may give. */
  jqOutputBytes: 1024 * 1024,
  /** Answers that are kept, and how long their questions may be. */
  jqKnown: 2_000,
  jqKnownChars: 8_192,
} as const;

/** DSL versions whose meaning this lib knows. */
export const DSL_VERSIONS = /^1\.0\.[0-3]$/;
