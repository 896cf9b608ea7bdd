/** A trial in which nothing happened proves nothing: what has to have taken effect, and did not. */
import type { EngineReport } from '#libs/audit';
import type { Asked } from './ask-for-work.ts';
import { ENGINE_FAULTS, type EngineFault } from './engine-faults.ts';
import type { EngineTrial } from './engine-trial.ts';

/** Not every worker that is killed has something in its hands. */
const LOST_PER_KILL = 0.5;
/** Those that so few runs fill. */
const LIMITS = ['task', 'named'];
/** A worker that wakes is often told to stop before it has told anything. */
const ZOMBIES_MIN = 5;

export function withoutEffect(
  { faults: wanted }: EngineTrial,
  done: readonly EngineFault[],
  report: EngineReport,
  { cancelled }: Asked,
): string[] {
  const { ends, losses, terms } = report;
  const silent = losses['WORKER_SILENT'] ?? 0;
  const took: readonly (readonly [string, boolean])[] = [
    ...ENGINE_FAULTS.map((kind) => {
      const count = done.filter((one) => one.kind === kind).length;
      return [`${wanted[kind]} times ${kind}`, count >= wanted[kind]] as const;
    }),
    ['attempts lost with their workers', silent >= wanted.workerKill * LOST_PER_KILL],
    ['another owner after each kill of one', terms > wanted.dispatchKill],
    ['a result that came too late', wanted.workerZombie < ZOMBIES_MIN || report.stale > 0],
    ['a retry', report.retries > 0],
    ...LIMITS.map(
      (kind) => [`a full limit of the kind ${kind}`, (report.limitsFull[kind] ?? 0) > 0] as const,
    ),
    ['a dead letter', report.deadLetters > 0],
    ['an end of each kind', ['SUCCESS', 'FAILED', 'TIMEOUT'].every((end) => ends[end])],
    ['a cancel', cancelled === 0 || (ends['CANCELLED'] ?? 0) > 0],
  ];
  return took.flatMap(([what, isThere]) => (isThere ? [] : [`never took effect: ${what}`]));
}
