import type { task as t } from '#libs/contracts';
import { TASK_DEFAULTS } from '#libs/domain';

/** Of the heaps within an attempt that runs a program, in megabytes. */
export const HEAP_MB = {
  /** The runner beside the program, which only passes its words on. */
  runner: 64,
  /** What of the attempt's memory the program's heap may not have, and what it has at least. */
  beside: 128,
  programMin: 48,
} as const;

/** What one attempt may use, with every default filled in. */
export interface AttemptLimits {
  readonly cpuSeconds: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  /** Processes and threads. */
  readonly processes: number;
}

export function limitsOf(kind: 'code' | 'flow', told: t.Limits | undefined): AttemptLimits {
  const usual = kind === 'flow' ? TASK_DEFAULTS.browserLimits : TASK_DEFAULTS.limits;
  return {
    cpuSeconds: told?.cpuSeconds || usual.cpuSeconds,
    memoryMb: told?.memoryMb || usual.memoryMb,
    diskMb: told?.diskMb || usual.diskMb,
    processes: told?.processes || usual.processes,
  };
}
