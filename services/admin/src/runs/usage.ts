/** What an attempt used, as its worker measured it; a worker of before tells less. */
export interface Usage {
  processStartMs?: number;
  cpuMs?: number;
  peakMemoryBytes?: number;
  peakDiskBytes?: number;
  logLinesDropped?: number;
  isolation?: string;
  apiCosts: readonly { amount: number; note: string }[];
}

const measured = ['processStartMs', 'cpuMs', 'peakMemoryBytes', 'peakDiskBytes'] as const;

/** Zero stands for what was not measured, and is left out. */
export function usageOf(json: unknown): Usage {
  const told: Record<string, unknown> = isObject(json) ? json : {};
  const usage: Usage = { apiCosts: costsOf(told['apiCosts']) };
  for (const name of [...measured, 'logLinesDropped'] as const) {
    const value = told[name];
    if (typeof value === 'number' && value > 0) usage[name] = value;
  }
  const isolation = told['isolation'];
  if (typeof isolation === 'string' && isolation !== '') usage.isolation = isolation;
  return usage;
}

const costsOf = (told: unknown): Usage['apiCosts'] =>
  (Array.isArray(told) ? told : [])
    .filter(isObject)
    .map(({ amount, note }) => ({ amount: Number(amount), note: String(note ?? '') }))
    .filter(({ amount }) => Number.isFinite(amount));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
