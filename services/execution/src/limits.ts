/** Every bound of the worker, in one place. Settings (slots, graces, folders) are in `config.ts`. */
export const LIMITS = {
  /** One JSON line to a child: the largest is a job with a whole flow. */
  lineToChildBytes: 8 * 1024 * 1024,
  /** One JSON line from a child; a longer one ends the attempt. */
  lineFromChildBytes: 256 * 1024,
  /** The same of the process that folds a run of a workflow: many steps may open at once. */
  lineFromBrainBytes: 16 * 1024 * 1024,
  /** Facts that it is told in one line. */
  factsPerLine: 500,
  factLineChars: 2 * 1024 * 1024,
  brainHeapMb: 384,
  /** Steps of one run that are carried out at the same time, and those of them that are processes. */
  stepsAtOnce: 32,
  processesAtOnce: 4,
  /** Of one commit of a run: facts, and roughly their bytes. */
  runFactsPerCommit: 1_000,
  runBytesPerCommit: 600_000,
  /** A shorter wait is waited out where the run stands; a longer one gives the slot back. */
  waitInPlaceMs: 3_000,
  /** A run that listens while steps are under way looks so often for events. */
  listenLookMs: 1_000,
  /** Events for runs: tries to write one beside a worker that writes, and until its run is woken. */
  eventTries: 50,
  eventBytes: 256 * 1024,
  askTryMs: 2_000,
  askPauseMs: 200,
  askGiveUpMs: 60_000,
  wakeGiveUpMs: 8_000,
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
  /** Fences remembered of each shard, so that an offer sent twice is not run twice. */
  fencesRemembered: 20_000,
  /** An offer that was so long under way is handed back; generous, for clocks differ. */
  offerAgeMs: 30_000,
  /** Who did nothing for so long has slept: what waits in its buffers may have been given to others since. */
  napMs: 3_000,
  napLookMs: 500,
  /** The owner of a shard that says nothing for so long has no claim to slots. */
  demandSilenceMs: 5_000,
  /** What a shard wanted at its peak is kept for it so long. */
  demandPeakMs: 3_000,
  /** Facts told in one commit. */
  factsPerCommit: 512,
  factBytesPerCommit: 512 * 1024,
  /** Commits of facts under way for one shard. */
  factsInFlight: 4,
  /** A start waits so long for company: the end of a short job goes with it. */
  startBreathMs: 2,
  /** While more than so many facts come a millisecond, their commits begin so far apart. */
  factsPace: { busyPerMs: 1, gapMs: 3 },
  /** Pause after the log could not be reached, doubled up to the second. */
  retryPauseMs: 100,
  retryPauseMaxMs: 2_000,

  heartbeatMs: 1_000,
  /** Attempts named in one heartbeat. */
  heartbeatAttempts: 4_096,

  /** Jobs of built-in tasks at the same time on one child, and from when on another is of use. */
  jobsPerChild: 512,
  jobsPerBusyChild: 32,
  /** A stopped job has at least so long to end before its child is ended, with all the others' jobs. */
  sharedStopMs: 1_000,
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
