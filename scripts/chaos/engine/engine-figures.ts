/** A trial of the engine in a few lines, the last of them for machines and changelogs. */
import { ENGINE_FAULTS } from './engine-faults.ts';
import type { EngineVerdict } from './engine-trial.ts';

export function engineFigures(verdict: EngineVerdict): string[] {
  const { faults, report, accepted, cancelled, effects, problems } = verdict;
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  const kinds = ENGINE_FAULTS.map((kind) => [kind, faults.filter((one) => one.kind === kind)]);
  return [
    `faults: ${kinds.map(([kind, done]) => `${done?.length} ${kind}`).join(', ')}`,
    `ends: ${counts(report.ends)} (${cancelled} cancels were accepted)`,
    `attempts ${report.attempts}, lost: ${counts(report.losses) || 'none'}, handed back ${report.handedBack}, retries ${report.retries}`,
    `late results kept without effect ${report.stale}, dead letters ${report.deadLetters}, limits full: ${counts(report.limitsFull)}, owners ${report.terms}, effects seen outside ${effects}`,
    `${problems.length === 0 ? 'PASS' : 'FAIL'} ${accepted} executions accepted, ${report.executions} in the log, ${report.found} findings`,
  ];
}
