import { type BatchObservableResult, metrics } from '@opentelemetry/api';
import type { RunnerHealth } from '#libs/consumer';

/** Tells the figures of the runners whenever somebody asks; gives the way to stop. */
export function observeRunners(health: () => readonly RunnerHealth[]): () => void {
  const meter = metrics.getMeter('carillon');
  const position = meter.createObservableGauge('carillon_projection_position', {
    description: 'Last sequence of the stream whose effect is in the tables.',
  });
  const lag = meter.createObservableGauge('carillon_projection_lag', {
    description: 'Sequences between the position and the end of the stream.',
  });
  const halted = meter.createObservableGauge('carillon_projection_halted', {
    description: '1 when the projection met a commit that it cannot get past.',
  });
  const commits = meter.createObservableCounter('carillon_projection_commits', {
    description: 'Commits written since the start of the process.',
  });
  const batches = meter.createObservableCounter('carillon_projection_batches', {
    description: 'Transactions that wrote them.',
  });
  const stalls = meter.createObservableCounter('carillon_projection_stalls', {
    description: 'Readings that were begun anew because nothing came in.',
  });
  const observe = (result: BatchObservableResult) => {
    for (const one of health()) {
      const labels = { projection: one.name, stream: one.stream };
      result.observe(position, one.position, labels);
      result.observe(lag, one.streamEnd - one.position, labels);
      result.observe(halted, one.state === 'halted' ? 1 : 0, labels);
      result.observe(commits, one.commits, labels);
      result.observe(batches, one.batches, labels);
      result.observe(stalls, one.stalls, labels);
    }
  };
  const observed = [position, lag, halted, commits, batches, stalls];
  meter.addBatchObservableCallback(observe, observed);
  return () => meter.removeBatchObservableCallback(observe, observed);
}
