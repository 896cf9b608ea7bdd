/** The trial of the tickers: two acts, in which clocks go forward and back, and the verdict. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ActReport, playAct } from './act.ts';
import { CHANGES } from './bells.ts';
import { findFakeTime } from './fake-time.ts';
import type { Fault, FaultKind } from './faults.ts';
import { Random } from './random.ts';

const TAKEOVER_P99_MAX_MS = 1_500;
const HAND_OVER_MAX_MS = 250;

export interface TickerTrial {
  readonly seed: number;
  /** To be decided, in both acts together. */
  readonly slots: number;
  /** How many of each kind of fault, in both acts together. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly folder: string;
  readonly dist?: string;
  readonly say: (line: string) => void;
}

export interface TickerVerdict {
  readonly acts: readonly ActReport[];
  readonly takeoversMs: readonly number[];
  readonly handOversMs: readonly number[];
  readonly latenessMs: readonly number[];
  /** What broke a promise, and what never took effect; empty is a pass. */
  readonly problems: readonly string[];
}

export async function runTickerTrial(trial: TickerTrial): Promise<TickerVerdict> {
  mkdirSync(trial.folder, { recursive: true });
  const random = new Random(trial.seed);
  const fakeTime = findFakeTime();
  if (fakeTime === undefined && trial.faults.step > 0)
    trial.say('No clock is moved: libfaketime is not installed (apt-get install faketime).');
  const parts = dealt(trial.faults, fakeTime !== undefined, random);
  const acts: ActReport[] = [];
  for (const [index, change] of CHANGES.entries())
    acts.push(
      await playAct({
        name: change.slice(0, 10),
        changeMs: Date.parse(change),
        slots: Math.ceil(trial.slots / CHANGES.length),
        faults: parts[index] ?? [],
        random,
        folder: trial.folder,
        say: trial.say,
        ...(fakeTime === undefined ? {} : { fakeTime }),
        ...(trial.dist === undefined ? {} : { dist: trial.dist }),
      }),
    );
  const verdict = judge(trial, acts, fakeTime !== undefined);
  const report = JSON.stringify({ seed: trial.seed, ...verdict }, undefined, 1);
  writeFileSync(join(trial.folder, 'report.json'), report);
  return verdict;
}

/** Each kind goes to the acts in turn, and within an act they come in any order. */
function dealt(faults: TickerTrial['faults'], hasFakeTime: boolean, random: Random): FaultKind[][] {
  const parts: FaultKind[][] = CHANGES.map(() => []);
  let turn = 0;
  for (const [kind, count] of Object.entries(faults) as [FaultKind, number][])
    for (let i = 0; i < count; i++)
      if (kind !== 'step' || hasFakeTime) parts[turn++ % parts.length]?.push(kind);
  return parts.map((part) => random.shuffled(part));
}

function judge(
  trial: TickerTrial,
  acts: readonly ActReport[],
  hasFakeTime: boolean,
): TickerVerdict {
  const faults = acts.flatMap((act) => act.faults);
  const took = (...kinds: FaultKind[]) =>
    faults.flatMap((fault) => timeOf(fault, kinds)).sort((a, b) => a - b);
  const takeoversMs = took('kill', 'zombie');
  const handOversMs = took('handOver');
  const latenessMs = acts.flatMap(({ slots }) => slots.latenessMs).sort((a, b) => a - b);
  const problems = [
    ...acts.flatMap(brokenPromises),
    ...withoutEffect(trial, acts, hasFakeTime),
    ...tooSlow('a takeover', percentile(takeoversMs, 0.99), TAKEOVER_P99_MAX_MS),
    ...tooSlow('a hand-over', handOversMs.at(-1) ?? 0, HAND_OVER_MAX_MS),
  ];
  return { acts, takeoversMs, handOversMs, latenessMs, problems };
}

function timeOf({ kind, takeoverMs }: Fault, kinds: readonly FaultKind[]): number[] {
  return takeoverMs !== undefined && kinds.includes(kind) ? [takeoverMs] : [];
}

function brokenPromises({ name, slots, contradictions, verify }: ActReport): string[] {
  return [
    ...slots.findings.map(({ code, where, what }) => `${name} ${code}: ${where}: ${what}`),
    ...(slots.missed > 0 ? [`${name}: ${slots.missed} slots were missed`] : []),
    ...contradictions.map((words) => `${name}: ${words}`),
    ...(verify.exitCode === 0
      ? []
      : [`${name}: verify ended with ${verify.exitCode}: ${verify.said}`]),
  ];
}

/** A run in which nothing happened proves nothing. */
function withoutEffect(
  { faults }: TickerTrial,
  acts: readonly ActReport[],
  hasFakeTime: boolean,
): string[] {
  const done = acts.flatMap((act) => act.faults);
  const sum = (of: (act: ActReport) => number) => acts.reduce((all, act) => all + of(act), 0);
  const never: [string, boolean][] = [
    ...Object.entries(faults).map(([kind, count]): [string, boolean] => [
      `${count} times ${kind}`,
      (kind !== 'step' || hasFakeTime) && done.filter((one) => one.kind === kind).length < count,
    ]),
    [
      'a refused step of the clock',
      hasFakeTime && faults.step > 1 && sum((act) => act.stepsRefused) === 0,
    ],
    ['an hour that comes twice', sum((act) => act.secondPass) === 0],
    ['an hour that does not come', sum((act) => act.folded) === 0],
  ];
  return never.flatMap(([what, isMissing]) => (isMissing ? [`never took effect: ${what}`] : []));
}

function tooSlow(what: string, tookMs: number, mostMs: number): string[] {
  return tookMs > mostMs ? [`${what} took ${Math.round(tookMs)} ms, more than ${mostMs}`] : [];
}

/** Of numbers that rise. */
export function percentile(numbers: readonly number[], share: number): number {
  return numbers[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? 0;
}
