/** A trial in a few lines, the last of them for machines and changelogs. */
import { percentile, type TickerVerdict } from './ticker-trial.ts';

export function figures({ acts, ...verdict }: TickerVerdict): string[] {
  const sum = (of: (act: (typeof acts)[number]) => number) =>
    acts.reduce((all, act) => all + of(act), 0);
  const { takeoversMs, handOversMs, latenessMs, problems } = verdict;
  const kinds = new Map<string, number>();
  for (const { kind } of acts.flatMap(({ faults }) => faults))
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const faults = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
  const [slots, skipped] = [sum((act) => act.slots.slots), sum((act) => act.slots.skipped)];
  const missed = sum((act) => act.slots.missed);
  const wrong = sum((act) => act.slots.found + act.contradictions.length);
  return [
    `faults: ${faults}`,
    `terms ${sum((act) => act.slots.terms)}, refused appends ${sum((act) => act.conflicts)}, refused steps ${sum((act) => act.stepsRefused)}, of an hour that came twice ${sum((act) => act.secondPass)}, folded ${sum((act) => act.folded)}`,
    `takeover ms: ${spread(takeoversMs)}`,
    `hand-over ms: ${spread(handOversMs)}`,
    `lateness ms, with all faults: ${spread(latenessMs)}`,
    `${problems.length === 0 ? 'PASS' : 'FAIL'} ${slots} slots decided (${skipped} skipped by a pause), ${missed} missed, ${wrong} findings`,
  ];
}

function spread(numbers: readonly number[]): string {
  const at = (share: number) => Math.round(percentile(numbers, share));
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${Math.round(numbers.at(-1) ?? 0)} (${numbers.length})`;
}
