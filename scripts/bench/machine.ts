import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { say } from './say.ts';

/** Somebody else's work in the figures: then they are worth less, and the reader should know. */
const QUIET_LOAD_PER_CORE = 0.5;

/** The first lines of every report: figures without their machine say nothing. */
export function describeMachine(): void {
  const cores = availableParallelism();
  const [load = 0] = loadavg();
  const memoryGb = Math.round(totalmem() / 1024 ** 3);
  say(`Machine    ${cores} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memoryGb} GB`);
  say(`Node       ${process.versions.node}`);
  const note = load > cores * QUIET_LOAD_PER_CORE ? ': others are at work, the figures suffer' : '';
  say(`Load       ${load.toFixed(2)} in the last minute${note}`);
}
