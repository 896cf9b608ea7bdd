// The thread that jq lives in. A jq program may run forever, and one that goes too deep breaks the
// WebAssembly instance for good, so whoever asks waits with a limit and ends the whole thread.
import { type MessagePort, workerData } from 'node:worker_threads';
import { type Jq, loadJq } from 'jq-wasm';

interface Asked {
  readonly program: string;
  /** JSON text; empty: compile only, since a program without input is never run. */
  readonly input: string;
}

const { answers, port, outputBytes } = workerData as {
  readonly answers: Int32Array;
  readonly port: MessagePort;
  readonly outputBytes: number;
};

function answer(value: unknown): void {
  port.postMessage(value);
  Atomics.add(answers, 0, 1);
  Atomics.notify(answers, 0);
}

function ask(jq: Jq, { program, input }: Asked): unknown {
  try {
    const { stdout, stderr, exitCode } = jq.raw(input, program, ['-c']);
    if (stdout.length > outputBytes) return { kind: 'too-large' };
    return { kind: 'answered', stdout, stderr: stderr.slice(0, 2_000), exitCode };
  } catch (error) {
    return { kind: 'broken', message: String(error) };
  }
}

const jq = await loadJq();
port.on('message', (asked: Asked) => answer(ask(jq, asked)));
answer({ kind: 'ready' });
