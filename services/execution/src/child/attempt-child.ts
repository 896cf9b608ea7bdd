import { SystemClock } from '#libs/clock';
import { type Channel, openChannel } from './channel.js';
import { failureOf, JobFailure } from './job-failure.js';
import type { Job, ToChild } from './protocol.js';

/**
 * The process in which attempts run. It serves one job at a time, and as many after each other as
 * its supervisor sends; it knows neither NATS nor the log nor any attempt but its own.
 */

const clock = new SystemClock();
let stop = new AbortController();
let busy = false;
let ending = false;

/** `exit` handlers run here: Playwright's kills the browser's process group on the spot. */
const leave = (code: number) => process.exit(code);

const channel = openChannel({ clock, onMessage, onGone: () => leave(1) });

process.on('SIGTERM', () => {
  ending = true;
  stop.abort();
  if (!busy) leave(0);
});
// Ctrl-C at a terminal is the supervisor's business.
process.on('SIGINT', () => {});

channel.send({ type: 'ready' });

function onMessage(message: ToChild): void {
  switch (message.type) {
    case 'start':
      void serve(message.id, message.job);
      return;
    case 'stop':
      stop.abort(message.cause);
      return;
  }
}

async function serve(id: number, job: Job): Promise<void> {
  busy = true;
  stop = new AbortController();
  const before = process.cpuUsage();
  const failure = await run(job, channel, stop.signal).then(
    () => undefined,
    (error: unknown) => failureOf(error),
  );
  const cpu = process.cpuUsage(before);
  channel.send({
    type: 'end',
    id,
    ...(failure && { failure }),
    measured: {
      cpuMs: (cpu.user + cpu.system) / 1_000,
      peakMemoryBytes: process.memoryUsage.rss(),
    },
  });
  busy = false;
  if (!ending) return;
  await channel.flush();
  leave(0);
}

/** Runners are loaded when they are needed: the browser's is large, and most children never need it. */
async function run(job: Job, to: Channel, signal: AbortSignal): Promise<void> {
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
