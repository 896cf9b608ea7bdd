/** Every limit of the built-in system tasks' parameters, in one place. */
export const BUILTIN_LIMITS = {
  urlChars: 4_096,
  headers: 64,
  headerNameChars: 128,
  headerValueChars: 8_192,
  /** Of the request, as text or as JSON. */
  bodyChars: 256 * 1024,
  expectedStatuses: 32,
  /** Levels of objects and arrays in parameters. */
  depth: 32,
  noopMs: 86_400_000,
  /** Of a script. All parameters of a task together have 64 KB, so one that is near this has no other. */
  scriptBytes: 60 * 1024,
  envNames: 64,
  envNameChars: 128,
  envValueChars: 8_192,
} as const;
