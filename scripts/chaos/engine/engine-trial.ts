/** The trial of the engine: work of every temper while workers, dispatchers and brokers fail. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkEngine, type EngineReport } from '#libs/audit';
import { SystemClock } from '#libs/clock';
import { type Services, startServices } from '#libs/rig';
import { startTestNats } from '#libs/testing';
import { Random } from '../random.ts';
import { writeRaw } from '../raw-log.ts';
import { type Asked, askForWork } from './ask-for-work.ts';
import { type EffectsWitness, startEffectsWitness } from './effects.ts';
import {
  doEngineFault,
  type EngineFault,
  type EngineFaultKind,
  type EngineStage,
} from './engine-faults.ts';
import { defineJobs, SHARDS } from './jobs.ts';
import { settled, untilAllEnded } from './settle.ts';
import { withoutEffect } from './took-effect.ts';

const WORKERS = 3;
const DISPATCHERS = 2;
const SYSTEM_SLOTS = 10;
/** What each fault takes, about; the work is spread over all of it. */
const FAULT_MS: Readonly<Record<EngineFaultKind, number>> = {
  workerKill: 2_600,
  workerZombie: 6_800,
  dispatchKill: 4_500,
  dispatchZombie: 8_000,
  broker: 14_000,
};
/** Who is struck in turn; the lanes go on side by side. */
const LANES: readonly (readonly EngineFaultKind[])[] = [
  ['workerKill', 'workerZombie'],
  ['dispatchKill', 'dispatchZombie'],
  ['broker'],
];

export interface EngineTrial {
  readonly seed: number;
  readonly executions: number;
  readonly faults: Readonly<Record<EngineFaultKind, number>>;
  readonly folder: string;
  /** Where the built services stand; left out: what the run of specs has built. */
  readonly dist?: string;
  readonly say: (line: string) => void;
}

export interface EngineVerdict {
  readonly faults: readonly EngineFault[];
  readonly report: EngineReport;
  readonly accepted: number;
  readonly cancelled: number;
  readonly effects: number;
  /** What broke a promise, and what never took effect; empty is a pass. */
  readonly problems: readonly string[];
}

const clock = new SystemClock();

export async function runEngineTrial(trial: EngineTrial): Promise<EngineVerdict> {
  mkdirSync(trial.folder, { recursive: true });
  const nats = await startTestNats({ cluster: 3, isLocked: true });
  let services: Services | undefined;
  let witness: EffectsWitness | undefined;
  try {
    witness = await startEffectsWitness(join(trial.folder, 'effects.jsonl'));
    services = await startServices({
      natsUrl: nats.url,
      ...(trial.dist === undefined ? {} : { dist: trial.dist }),
      env: {
        CARILLON_SHARDS: String(SHARDS),
        CARILLON_STREAM_REPLICAS: '3',
        CARILLON_SYSTEM_SLOTS: String(SYSTEM_SLOTS),
        CARILLON_BROWSER_SLOTS: '0',
        CARILLON_LOG_LEVEL: 'info',
      },
      replicas: { definitions: 1, dispatch: DISPATCHERS, execution: WORKERS },
    });
    const stage = { services, nats, random: new Random(trial.seed) };
    const verdict = await play(trial, stage, witness);
    const told = JSON.stringify({ seed: trial.seed, ...verdict }, undefined, 1);
    writeFileSync(join(trial.folder, 'report.json'), told);
    return verdict;
  } finally {
    witness?.stop();
    await services?.stop();
    await nats.stop();
  }
}

async function play(
  trial: EngineTrial,
  stage: EngineStage,
  witness: EffectsWitness,
): Promise<EngineVerdict> {
  const { services } = stage;
  const jobs = await defineJobs(services, witness.url);
  const lanes = LANES.map((kinds) => dealt(kinds, trial, stage.random));
  const overMs = Math.max(...lanes.map(lengthOf));
  const work = { count: trial.executions, overMs, random: new Random(trial.seed + 1) };
  const begunMs = clock.monotonic();
  const [asked, ...faults] = await Promise.all([
    askForWork(services, jobs, work),
    ...lanes.map((lane, index) => strike(lane, index, overMs, { trial, stage, begunMs })),
  ]);
  await untilAllEnded(services, asked.accepted);
  const orphans = await settled(services);
  return judge(trial, stage, { asked, faults: faults.flat(), orphans, witness });
}

/** One after the other, spread over the time that the longest lane takes. */
async function strike(
  lane: readonly EngineFaultKind[],
  index: number,
  overMs: number,
  { trial, stage, begunMs }: { trial: EngineTrial; stage: EngineStage; begunMs: number },
): Promise<EngineFault[]> {
  const random = new Random(trial.seed + 2 + index);
  const spareMs = Math.max(0, overMs - lengthOf(lane)) / (lane.length + 1);
  const faults: EngineFault[] = [];
  for (const kind of lane) {
    await clock.sleep(spareMs * random.between(0.5, 1.5));
    const atMs = clock.monotonic() - begunMs;
    const fault = await doEngineFault(kind, { ...stage, random });
    faults.push(fault);
    trial.say(`${(atMs / 1_000).toFixed(1).padStart(6)} s  ${fault.what}`);
  }
  return faults;
}

function dealt(kinds: readonly EngineFaultKind[], { faults }: EngineTrial, random: Random) {
  const lane = kinds.flatMap((kind) => Array.from({ length: faults[kind] }, () => kind));
  return random.shuffled(lane);
}

function lengthOf(lane: readonly EngineFaultKind[]): number {
  return lane.reduce((sum, kind) => sum + FAULT_MS[kind], 0);
}

interface Outcome {
  readonly asked: Asked;
  readonly faults: readonly EngineFault[];
  readonly orphans: readonly string[];
  readonly witness: EffectsWitness;
}

async function judge(
  trial: EngineTrial,
  { services }: EngineStage,
  { asked, faults, orphans, witness }: Outcome,
): Promise<EngineVerdict> {
  const log = {
    definitions: await services.commits('DEFINITIONS'),
    ticks: [],
    dispatch: await services.commits('DISPATCH'),
    attempts: await services.commits('ATTEMPTS'),
  };
  writeRaw(join(trial.folder, 'log.jsonl'), [...log.definitions, ...log.dispatch, ...log.attempts]);
  const effects = witness.effects();
  const report = checkEngine(log, {
    isOver: true,
    witness: { effects, systemTasks: ['http.request'] },
  });
  const verify = await services.replay('verify');
  const problems = [
    ...report.findings.map(({ code, where, what }) => `${code}: ${where}: ${what}`),
    ...(report.executions === asked.accepted.size
      ? []
      : [`${asked.accepted.size} were accepted, and the log has ${report.executions}`]),
    ...orphans.map((who) => `an orphan process: ${who}`),
    ...(verify.exitCode === 0 ? [] : [`verify ended with ${verify.exitCode}: ${verify.said}`]),
    ...withoutEffect(trial, faults, report, asked),
  ];
  const { accepted, cancelled } = asked;
  return { faults, report, accepted: accepted.size, cancelled, effects: effects.length, problems };
}
