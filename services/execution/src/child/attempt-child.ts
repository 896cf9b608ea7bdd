import { SystemClock } from '#libs/clock';
import { channelOf, openLine } from './channel.js';
import { failureOf, JobFailure } from './job-failure.js';
import { Mailbox } from './mailbox.js';
import type { Job, ToChild } from './protocol.js';
import type { RunMessage } from './workflow/workflow-job.js';

/**
 * The process in which attempts run. It serves the jobs that its supervisor sends, built-ins many at a time,
 * for they do little but wait; it knows neither NATS nor the log nor any attempt but its own.
 */

/** To ask the system for it costs more than a small job. */
const MEMORY_LOOK_MS = 100;

const clock = new SystemClock();
const jobs = new Map<number, AbortController>();
/** What runs of workflows are told. */
const runs = new Map<number, Mailbox<RunMessage>>();
let ending = false;
let memory = { bytes: process.memoryUsage.rss(), atMs: clock.monotonic() };

/** `exit` handlers run here: Playwright's kills the browser's process group on the spot. */
const leave = (code: number) => process.exit(code);

const line = openLine({ onMessage, onGone: () => leave(1) });

process.on('SIGTERM', () => {
  ending = true;
  for (const stop of jobs.values()) stop.abort();
  if (jobs.size === 0) leave(0);
});
// Ctrl-C at a terminal is the supervisor's business.
process.on('SIGINT', () => {});

line.send({ type: 'ready' });

function onMessage(message: ToChild): void {
  switch (message.type) {
    case 'start':
      void serve(message.id, message.job);
      return;
    case 'tell':
    case 'next':
    case 'cut':
      runs.get(message.id)?.put(message);
      return;
    case 'stop':
      for (const [id, stop] of jobs)
        if (message.id === undefined || message.id === id) stop.abort(message.cause);
      return;
  }
}

async function serve(id: number, job: Job): Promise<void> {
  const stop = new AbortController();
  jobs.set(id, stop);
  const before = process.cpuUsage();
  if (job.kind === 'workflow') runs.set(id, new Mailbox(stop.signal));
  const failure = await run(job, id, stop.signal).then(
    () => undefined,
    (error: unknown) => failureOf(error),
  );
  const cpu = process.cpuUsage(before);
  line.send({
    type: 'end',
    id,
    ...(failure && { failure }),
    measured: {
      // Of jobs side by side each is said to have had the same part.
      cpuMs: Math.round((cpu.user + cpu.system) / jobs.size) / 1_000,
      peakMemoryBytes: memoryBytes(),
    },
  });
  jobs.delete(id);
  runs.delete(id);
  if (!ending || jobs.size > 0) return;
  await line.flush();
  leave(0);
}

function memoryBytes(): number {
  const atMs = clock.monotonic();
  if (atMs - memory.atMs > MEMORY_LOOK_MS) memory = { bytes: process.memoryUsage.rss(), atMs };
  return memory.bytes;
}

/** Runners are loaded when they are needed: the browser's is large, and most children never need it. */
async function run(job: Job, id: number, signal: AbortSignal): Promise<void> {
  const to = channelOf(line, id, clock);
  switch (job.kind) {
    case 'noop':
      if (job.durationMs > 0) await clock.sleep(job.durationMs, signal).catch(stopped);
      return;
    case 'http.request': {
      const { runHttpRequest } = await import('./run-http-request.js');
      return runHttpRequest(job, { channel: to, clock, signal });
    }
    case 'code': {
      const { runCode } = await import('./code/run-code.js');
      return runCode(job, { channel: to, clock, signal });
    }
    case 'http.call': {
      const { callHttp } = await import('./workflow/call-http.js');
      return callHttp(job, { channel: to, clock, signal });
    }
    case 'workflow': {
      const { think } = await import('./workflow/think.js');
      return think(job, { channel: to, messages: runs.get(id) as Mailbox<RunMessage> });
    }
    case 'flow': {
      const { runFlow } = await import('./flow/run-flow.js');
      return runFlow(job, { channel: to, clock, signal });
    }
  }
}

/** What a stopped job ends with; the supervisor knows the cause and tells it instead. */
function stopped(): never {
  throw new JobFailure('STOPPED', 'It was stopped.');
}
