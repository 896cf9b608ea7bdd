/** One act of a trial: a system of its own, a change of the clocks in its middle, and its faults. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSlots, type SlotReport } from '#libs/audit';
import { SystemClock } from '#libs/clock';
import { decodeCommit, tick } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { leash } from '#libs/parts';
import { createTask, type LogLine, type Services, startServices } from '#libs/rig';
import { eventually, startTestNats, type TestNats } from '#libs/testing';
import { bells, SLOTS_PER_SECOND } from './bells.ts';
import { FakeTime } from './fake-time.ts';
import { doFault, type Fault, type FaultKind, type Seat, type Stage } from './faults.ts';
import type { Random } from './random.ts';
import { writeRaw } from './raw-log.ts';
import { type Acknowledged, contradictions, readSeen } from './testimony.ts';

const TICKERS = 3;
const SECOND_MS = 1_000;
/** From the first process to the last task, about. */
const PREPARATION_MS = 15_000;
const READY_WITHIN_MS = 30_000;
const QUIET_MS = 3_000;
/** After the change of the clocks at least this long is watched. */
const AFTER_CHANGE_MS = 25_000;
const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export interface ActOptions {
  readonly name: string;
  /** When the clocks of the zones change. */
  readonly changeMs: number;
  readonly slots: number;
  readonly faults: readonly FaultKind[];
  readonly random: Random;
  /** Where the built services stand; left out: what the run of specs has built. */
  readonly dist?: string;
  /** Of libfaketime; left out: no clock can be moved. */
  readonly fakeTime?: string;
  /** For the witness's file, the raw log and the timeline. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export interface ActReport {
  readonly name: string;
  readonly slots: SlotReport;
  readonly faults: readonly Fault[];
  readonly contradictions: readonly string[];
  readonly verify: { readonly exitCode: number; readonly said: string };
  /** Slots of the hour that came twice, and of the one that did not come. */
  readonly secondPass: number;
  readonly folded: number;
  /** Verdicts of the tickers on clocks that were moved. */
  readonly stepsRefused: number;
  /** Appends that were refused, because another leader had been first. */
  readonly conflicts: number;
}

const clock = new SystemClock();

export async function playAct(options: ActOptions): Promise<ActReport> {
  const nats = await startTestNats({ cluster: 3, isLocked: true });
  const halfMs = (options.slots / SLOTS_PER_SECOND / 2) * SECOND_MS;
  const clockOffsetMs = Math.round(options.changeMs - clock.now() - PREPARATION_MS - halfMs);
  const diary = new Diary();
  let services: Services | undefined;
  let witness: Witness | undefined;
  try {
    services = await startServices({
      natsUrl: nats.url,
      ...(options.dist === undefined ? {} : { dist: options.dist }),
      env: {
        CARILLON_SHARDS: '1',
        CARILLON_STREAM_REPLICAS: '3',
        CARILLON_LOG_LEVEL: 'debug',
        CARILLON_CLOCK_OFFSET_MS: String(clockOffsetMs),
      },
      onLine: (line) => diary.hear(line),
      replicas: { definitions: 1 },
    });
    witness = startWitness(nats.url, join(options.folder, `${options.name}.witness.jsonl`));
    return await play(options, { nats, services, diary, witness, clockOffsetMs });
  } finally {
    witness?.stop();
    await services?.stop();
    await nats.stop();
  }
}

interface Scene {
  readonly nats: TestNats;
  readonly services: Services;
  readonly diary: Diary;
  readonly witness: Witness;
  readonly clockOffsetMs: number;
}

async function play(options: ActOptions, scene: Scene): Promise<ActReport> {
  const { services, diary, nats } = scene;
  const seats = await Promise.all(
    Array.from({ length: TICKERS }, async (_, index): Promise<Seat> => {
      const file = join(options.folder, `${options.name}.clock-${index}`);
      const time = options.fakeTime ? new FakeTime(options.fakeTime, file) : undefined;
      return { time, process: await services.start('ticker', time?.env) };
    }),
  );
  const taskIds: string[] = [];
  for (const draft of bells(options.changeMs)) taskIds.push(await createTask(services.nc, draft));
  const { random } = options;
  const stage: Stage = { services, nats, seats, taskIds, random, decided: () => diary.slots };
  const faults = await wreak(options, stage, scene);
  await eventually(
    () =>
      diary.slots >= options.slots &&
      clock.now() + scene.clockOffsetMs > options.changeMs + AFTER_CHANGE_MS,
    { withinMs: 10 * READY_WITHIN_MS + (options.slots / SLOTS_PER_SECOND) * 2 * SECOND_MS },
  );
  return judge(options, scene, stage, faults);
}

/** Spreads the faults over the time that the slots take. */
async function wreak(options: ActOptions, stage: Stage, scene: Scene): Promise<Fault[]> {
  const begunMs = clock.monotonic();
  const faults: Fault[] = [];
  const { random, say } = options;
  const everyMs = ((options.slots / SLOTS_PER_SECOND) * SECOND_MS) / (options.faults.length + 1);
  for (const [index, kind] of options.faults.entries()) {
    // Not in step with the seconds, and no earlier than its turn.
    const turnMs = begunMs + (index + random.next()) * everyMs;
    await clock.sleep(Math.max(random.between(0, 300), turnMs - clock.monotonic()));
    const fromMs = clock.monotonic() - begunMs;
    const done = await doFault(kind, stage);
    const fault = { ...done, fromMs, toMs: clock.monotonic() - begunMs };
    faults.push(fault);
    say(`${options.name} ${faultLine(fault)} (${scene.diary.slots} slots)`);
  }
  return faults;
}

function faultLine({ fromMs, what, takeoverMs }: Fault): string {
  const took = takeoverMs === undefined ? '' : `, taken over in ${Math.round(takeoverMs)} ms`;
  return `${(fromMs / SECOND_MS).toFixed(1).padStart(6)} s  ${what}${took}`;
}

async function judge(
  options: ActOptions,
  { services, diary, witness, clockOffsetMs }: Scene,
  { seats }: Stage,
  faults: readonly Fault[],
): Promise<ActReport> {
  for (const { time } of seats) time?.set('+0');
  // Everything due by now has to be decided when it is quiet.
  const untilMs = clock.now() + clockOffsetMs;
  await clock.sleep(QUIET_MS);
  for (const { process } of seats) await process.terminate();
  const [definitions, ticks] = [
    await services.commits('DEFINITIONS'),
    await services.commits('TICKS'),
  ];
  await eventually(() => readSeen(witness.file).length >= ticks.length, {
    withinMs: READY_WITHIN_MS,
  });
  const again = await services.commits('TICKS');
  const wrong = contradictions(ticks, readSeen(witness.file), diary.acknowledged, clockOffsetMs);
  if (again.length !== ticks.length) wrong.push('the log grew after everything had ended');
  const slots = checkSlots({ definitions, ticks }, { shards: 1, untilMs, clockOffsetMs });
  const decided = ticks.flatMap(slotsIn);
  writeRaw(join(options.folder, `${options.name}.log.jsonl`), [...definitions, ...ticks]);
  return {
    name: options.name,
    slots,
    faults,
    contradictions: wrong,
    verify: await services.replay('verify'),
    secondPass: decided.filter(({ pass }) => pass === 1).length,
    folded: decided.filter(({ folded }) => folded > 0).length,
    stepsRefused: diary.stepsRefused,
    conflicts: diary.conflicts,
  };
}

function slotsIn({ bytes }: StoredCommit): tick.Slot[] {
  return decodeCommit(bytes).events.flatMap(({ event }) =>
    event.$typeName === tick.SlotsDecidedSchema.typeName ? (event as tick.SlotsDecided).slots : [],
  );
}

/** What the tickers say of themselves while they live: it outlives them. */
class Diary {
  readonly acknowledged: Acknowledged[] = [];
  slots = 0;
  stepsRefused = 0;
  conflicts = 0;

  hear(line: LogLine): void {
    if (line.msg === 'decided') {
      this.acknowledged.push({ seq: Number(line['seq']), id: String(line['id']) });
      this.slots += Number(line['slots']);
    } else if (line.msg === 'another leader decided first') this.conflicts += 1;
    else if (line['verdict'] === 'step-refused') this.stepsRefused += 1;
  }
}

interface Witness {
  readonly file: string;
  stop(): void;
}

function startWitness(natsUrl: string, file: string): Witness {
  const args = ['--no-warnings', '--import', source('../source.mjs'), source('witness.ts')];
  const env = { ...process.env, NATS_URL: natsUrl };
  const child = spawn(process.execPath, [...args, file], { env, stdio: 'inherit' });
  const held = child.pid === undefined ? undefined : leash(child.pid, { signal: 'KILL' });
  child.once('exit', () => held?.release());
  return { file, stop: () => child.kill('SIGKILL') };
}
