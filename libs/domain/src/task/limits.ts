/** Bounds of a task. The gateway checks the same ones, with their names. */
export const TASK_LIMITS = {
  nameLength: 200,
  descriptionLength: 4_000,
  parametersBytes: 65_536,
  schedules: 50,
  timeoutMs: { min: 1_000, max: 7 * 86_400_000 },
  maxRetries: 100,
  retryDelayMs: { min: 0, max: 30 * 86_400_000 },
  backoffMultiplier: { min: 1, max: 100 },
  jitter: { min: 0, max: 1 },
  errorPatterns: 50,
  deadlineMs: { min: 1_000, max: 90 * 86_400_000 },
  stopGraceMs: { min: 100, max: 60_000 },
  concurrencyLimit: 10_000,
  channels: 20,
  pauseAfterFailures: 1_000,
  maxRuns: 100_000,
  policyMs: 30 * 86_400_000,
  spreadMs: 86_400_000,
  catchUpWindowMs: 366 * 86_400_000,
  catchUpLimit: 10_000,
  bufferLimit: 10_000,
  calendars: 20,
  reasonLength: 500,
  /** Named limits that a task is under. */
  limits: 5,
  /** Labels that a task wants of its workers. */
  labels: 16,
  labelChars: 64,
  /** What one attempt may use. Processes are counted with their threads; a Node.js has eleven. */
  cpuSeconds: { min: 1, max: 7 * 86_400 },
  memoryMb: { min: 128, max: 65_536 },
  diskMb: { min: 1, max: 65_536 },
  processes: { min: 48, max: 4_096 },
} as const;

/** An error code, or the beginning of some with a star. */
export const ERROR_PATTERN = /^(?:\*|[A-Z][A-Z0-9_]{0,98}\*?)$/;

export const TASK_DEFAULTS = {
  timeoutMs: 30 * 60_000,
  retryPolicy: {
    maxRetries: 0,
    initialDelayMs: 10_000,
    backoffMultiplier: 2,
    maxDelayMs: 3_600_000,
  },
  limits: { cpuSeconds: 600, memoryMb: 512, diskMb: 256, processes: 128 },
  /** Chromium: some 150 threads and 400 MB for one simple page. */
  browserLimits: { cpuSeconds: 3_600, memoryMb: 3_072, diskMb: 1_024, processes: 1_024 },
} as const;

/** System tasks that this build can run. */
export const SYSTEM_TASKS = ['http.request', 'noop', 'script.run', 'shell.run'] as const;
