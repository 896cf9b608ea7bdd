// One side of a peer's run, in a process of its own: whoever asks for jobs, or whoever does them.
//   node engine.mjs PEER work     ADDRESS COUNT CONCURRENCY   says `ready`, then one line of JSON
//   node engine.mjs PEER ask      ADDRESS COUNT PER_SECOND    0: as fast as it can; a call for each job
//   node engine.mjs PEER fill     ADDRESS COUNT               in batches
//   node engine.mjs PEER left     ADDRESS                     what is left behind
// A peer is a module beside this one with the same four functions as the others have.
import { setTimeout as sleep } from 'node:timers/promises';

/** Jobs of one call, where nobody waits for a single one. */
const BATCH = 500;
/** Calls that wait for their answer at the same time. */
const IN_FLIGHT = 1_000;
/** How often it is asked whether the last end is stored, once all jobs were begun. */
const POLL_MS = 2;

const [peer, role, address, ...numbers] = process.argv.slice(2);
const [count, second] = numbers.map(Number);
const peers = {
  bullmq: () => import('./bullmq-jobs.mjs'),
  'graphile-worker': () => import('./graphile-worker-jobs.mjs'),
  'pg-boss': () => import('./pg-boss-jobs.mjs'),
};
const jobs = await (await peers[peer]()).open(address);
/** Resolves when it has left: the process ends with the last line. */
const say = (value) =>
  new Promise((resolve) => process.stdout.write(`${JSON.stringify(value)}\n`, resolve));
const now = () => Date.now();

if (role === 'work') await say(await work(second));
else if (role === 'ask') await say(second > 0 ? await askSteadily(second) : await askAtOnce());
else if (role === 'fill') await say(await fill());
else await say(await jobs.left());
await jobs.close();
process.exit(0);

async function work(concurrency) {
  const startedMs = new Array(count);
  let begun = 0;
  await jobs.work(concurrency, (index) => {
    startedMs[index] = now();
    begun += 1;
  });
  await say('ready');
  while (begun < count || !(await jobs.isDone(count))) await sleep(POLL_MS);
  return { startedMs, finishedMs: now(), cpuMs: cpuMs() };
}

async function fill() {
  for (let made = 0; made < count; made += BATCH)
    await jobs.addMany(Array.from({ length: Math.min(BATCH, count - made) }, (_, at) => made + at));
  return { cpuMs: cpuMs() };
}

async function askAtOnce() {
  const asked = blank();
  let next = 0;
  const caller = async () => {
    while (next < count) await ask(asked, next++);
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count) }, caller));
  return { ...asked, cpuMs: cpuMs() };
}

async function askSteadily(perSecond) {
  const asked = blank();
  const calls = [];
  const begunMs = performance.now();
  for (let index = 0; index < count; index++) {
    const waitMs = begunMs + (index / perSecond) * 1_000 - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    calls.push(ask(asked, index));
  }
  await Promise.all(calls);
  return { ...asked, cpuMs: cpuMs() };
}

/** When the call for each job was made, and when it was answered. */
async function ask({ askedMs, acceptedMs }, index) {
  askedMs[index] = now();
  await jobs.add(index);
  acceptedMs[index] = now();
}

function blank() {
  return { askedMs: new Array(count), acceptedMs: new Array(count) };
}

/** Of this process so far. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
