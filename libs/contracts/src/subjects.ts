/** Names of streams and subjects: the only place that spells them. */

export const STREAM_NAMES = [
  'DEFINITIONS',
  'TICKS',
  'DISPATCH',
  'ATTEMPTS',
  'LOGS',
  'RUNS',
] as const;
export type StreamName = (typeof STREAM_NAMES)[number];

/** Kinds of definitions. */
export type DefinitionKind =
  | 'task'
  | 'automation'
  | 'calendar'
  | 'maintenance'
  | 'pool'
  | 'limit'
  | 'account'
  | 'workflow';

/** One token of a subject: no dots, blanks or wildcards. Accounts and ids are held to this at the door. */
export const SUBJECT_TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The account of what holds for all of them. It is no `SUBJECT_TOKEN`, so nobody's account can ever
 * have its name.
 */
export const SYSTEM_ACCOUNT = '$system';

export const subjects = {
  definition: (account: string, kind: DefinitionKind, id: string) =>
    `definition.${account}.${kind}.${id}`,
  /** All definitions of one kind of an account. */
  definitionsOf: (account: string, kind: DefinitionKind) => `definition.${account}.${kind}.*`,
  definitionsOfKind: (kind: DefinitionKind) => `definition.*.${kind}.*`,
  tick: (shard: number) => `tick.${shard}`,
  dispatch: (shard: number) => `dispatch.${shard}`,
  attempt: (shard: number) => `attempt.${shard}`,
  log: (shard: number, executionId: string) => `log.${shard}.${executionId}`,
  run: (shard: number, executionId: string) => `run.${shard}.${executionId}`,
  /** Request and reply: any worker; an event for a run. */
  runCommand: 'command.run',
  /** Request and reply: services/definitions, any replica. */
  definitionCommand: 'command.definition',
  /** Request and reply: the owner of the shard. */
  dispatchCommand: (shard: number) => `command.dispatch.${shard}`,
  /** Request and reply: the owner of the shard tells how things stand. */
  dispatchQuery: (shard: number) => `query.dispatch.${shard}`,
  heartbeat: 'worker.heartbeat',
  /** From the owners of shards: how many slots they want. */
  workerDemand: 'worker.demand',
  offer: (workerId: string) => `worker.${workerId}.offer`,
  stopAttempt: (workerId: string) => `worker.${workerId}.stop`,
  /** Live copy of log chunks for viewers: may be lost; the stream is the truth. */
  notice: (readModel: string) => `notice.${readModel}`,
  leaseBeat: (lease: string) => `lease.${lease}.beat`,
} as const;

/** The parts of `definition.<account>.<kind>.<id>`. */
export function parseDefinitionSubject(
  subject: string,
): { account: string; kind: string; id: string } | undefined {
  const [root, account, kind, id, ...rest] = subject.split('.');
  if (root !== 'definition' || !account || !kind || !id || rest.length > 0) return undefined;
  return { account, kind, id };
}

/** The shards that a definition concerns: that of its account, or every one. */
export function shardsConcerned(account: string, shards: number): readonly number[] {
  if (account === SYSTEM_ACCOUNT) return Array.from({ length: shards }, (_, shard) => shard);
  return [shardOf(account, shards)];
}

/** The shard in `tick.<shard>`, `dispatch.<shard>` and `attempt.<shard>`. */
export function shardOfSubject(subject: string): number {
  return Number(subject.slice(subject.indexOf('.') + 1));
}

/** The shard in which everything of an account is decided: FNV-1a over its UTF-16 units, modulo `shards`. */
export function shardOf(account: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < account.length; i++) {
    hash ^= account.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % shards;
}
