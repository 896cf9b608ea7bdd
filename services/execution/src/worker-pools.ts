import { create, task as t } from '#libs/contracts';
import type { ExecutionSettings } from './config.js';

type PoolSettings = Pick<
  ExecutionSettings,
  'pools' | 'systemSlots' | 'browserSlots' | 'workflowSlots' | 'workerLabels' | 'region'
>;

/** Slots by pool: as they are listed, or those of the three pools that everybody has. */
export function slotsOf(settings: PoolSettings, hasBrowser: boolean): ReadonlyMap<string, number> {
  const slots =
    settings.pools ??
    new Map([
      ['system', settings.systemSlots],
      ['browser', settings.browserSlots],
      ['workflow', settings.workflowSlots],
    ]);
  return new Map(
    [...slots].map(([pool, count]) => [pool, pool === 'browser' && !hasBrowser ? 0 : count]),
  );
}

/** In the order of their keys. The region is one of them, so that a task may ask for it. */
export function labelsOf({ workerLabels, region }: PoolSettings): t.Label[] {
  const labels = new Map(workerLabels);
  if (region !== undefined) labels.set('region', region);
  return [...labels]
    .map(([key, value]) => create(t.LabelSchema, { key, value }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}
