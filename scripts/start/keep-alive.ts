import { SystemClock } from '#libs/clock';

const RESTARTS_MAX = 5;
const RESTART_AFTER_MS = 1_000;
/** A server that ran for this long has earned itself a new count. */
const STEADY_AFTER_MS = 60_000;

interface Server {
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface KeptAlive {
  readonly port: number;
  /** Resolves with the reason when it can't be kept alive any longer. */
  readonly givenUp: Promise<string>;
  stop(): Promise<void>;
}

export interface KeepAliveOptions<S extends Server> {
  readonly name: string;
  readonly start: (port: number | undefined) => Promise<S>;
  readonly onStart: (server: S) => Promise<void>;
  readonly say: (line: string) => void;
}

/** Brings a server back on the same port when it ends unasked; services reconnect by themselves. */
export async function keepAlive<S extends Server>(
  options: KeepAliveOptions<S>,
): Promise<KeptAlive> {
  const clock = new SystemClock();
  let isStopping = false;
  let server = await options.start(undefined);
  await options.onStart(server);
  const { port } = server;
  const watch = async (): Promise<string> => {
    for (let restarts = 0; ; ) {
      const startedAtMs = clock.monotonic();
      await server.exited;
      if (isStopping) return 'stopped';
      restarts = clock.monotonic() - startedAtMs > STEADY_AFTER_MS ? 1 : restarts + 1;
      if (restarts > RESTARTS_MAX) return `${options.name} ended ${restarts} times in a row`;
      options.say(`${options.name} ended unasked: starting it again`);
      await clock.sleep(RESTART_AFTER_MS);
      if (isStopping) return 'stopped';
      try {
        server = await options.start(port);
        await options.onStart(server);
      } catch (error) {
        return `${options.name} can't be started again: ${(error as Error).message}`;
      }
    }
  };
  const givenUp = watch();
  return {
    port,
    givenUp,
    stop: async () => {
      isStopping = true;
      await server.stop();
      await givenUp;
    },
  };
}
