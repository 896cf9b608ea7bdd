/** Every bound of the worker, in one place. Settings (slots, graces, folders) are in `config.ts`. */
export const LIMITS = {
  /** One JSON line to a child: the largest is a job with a whole flow. */
  lineToChildBytes: 8 * 1024 * 1024,
  /** One JSON line from a child; a longer one ends the attempt. */
  lineFromChildBytes: 256 * 1024,
  /** Of one line of an attempt's log; the rest is cut off and counted. */
  logMessageChars: 8_192,
  logMetadataChars: 4_096,
  /** Longer secrets may show their beginning where a line is cut. */
  secretChars: 1_024,
  /** Flood cap of one attempt. What comes after is counted, not kept. */
  logLinesPerAttempt: 20_000,
  logBytesPerAttempt: 8 * 1024 * 1024,
  /** Lines are stored together after this time, or when they are this large. */
  logBatchMs: 50,
  logBatchBytes: 64 * 1024,
  /** Of all attempts of the worker together: waiting for a broker that does not answer. */
  logBufferBytes: 32 * 1024 * 1024,
  /** An attempt's end waits this long for its log, no longer. */
  logCloseMs: 5_000,

  outputBytes: 64 * 1024,
  errorMessageChars: 4_096,
  errorStackChars: 16_384,

  artifactsPerAttempt: 20,
  artifactBytes: 16 * 1024 * 1024,
  artifactStoreMs: 10_000,

  /** Attempts in one offer. */
  offerAttempts: 64,
  /** Offers remembered, so that one delivered twice is not run twice by this worker. */
  offersRemembered: 10_000,
  /** How long a claim whose fate is unknown is asked for; within the broker's memory of message ids. */
  claimSettleMs: 60_000,
  /** Ends told in one commit. */
  endsPerCommit: 128,
  endsBytesPerCommit: 512 * 1024,
  /** Commits of ends under way for one shard. */
  endsInFlight: 4,
  /** Pause after the log could not be reached, doubled up to the second. */
  retryPauseMs: 100,
  retryPauseMaxMs: 2_000,

  heartbeatMs: 1_000,
  /** Attempts named in one heartbeat. */
  heartbeatAttempts: 4_096,

  /** Pre-started children that wait for work, and how long one beyond that waits before it is ended. */
  idleChildren: 2,
  idleChildMs: 20_000,
  /** Children that start at the same time; more would only keep each other from it. */
  childrenStarting: 2,
  builtinHeapMb: 128,
  browserHeapMb: 512,
  /** Rounds and pause of the search for what is left of a process tree. */
  sweepRounds: 50,
  sweepPauseMs: 40,
  /**
   * Of the folder for scratch folders. A Unix socket's path has 104 bytes at most, of which Chromium
   * takes 46 below its own folder, and the names of worker and child 19.
   */
  scratchRootChars: 38,
} as const;
