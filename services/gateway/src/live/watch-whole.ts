import { WATCH_EVERY_MS, WATCH_LOOK_MS } from '../limits.js';
import { type ChangesSource } from './changes.js';
import { endable, pause, Wake } from './wake.js';

export interface WholeRequest<T> {
  readonly account: string;
  /** Whose notices make it worth another look. */
  readonly readModels: readonly string[];
  readonly read: () => Promise<T>;
  /** The part that has to differ for it to be told again; all of it when left out. */
  readonly differs?: (value: T) => unknown;
}

/**
 * Something short that is told as a whole: as it is, and again when it has changed, at most twice a
 * second however much happens. A look every few seconds finds what no notice tells, or a lost one told.
 */
export function watchWhole<T>(
  { notices, clock, log }: ChangesSource,
  { account, readModels, read, differs = (value) => value }: WholeRequest<T>,
): AsyncIterableIterator<T> {
  return endable(async function* (signal) {
    const wake = new Wake();
    const stops = readModels.map((one) => notices.listen(one, account, () => wake.notify()));
    let told: string | undefined;
    try {
      while (!signal.aborted) {
        try {
          const value = await read();
          const seen = JSON.stringify(differs(value));
          if (seen !== told) yield value;
          told = seen;
        } catch (error) {
          log.warn(
            { err: error, readModels },
            'what is watched could not be read; it is read again',
          );
        }
        await pause(clock, WATCH_EVERY_MS, signal);
        await wake.wait(signal, { clock, ms: WATCH_LOOK_MS });
      }
    } finally {
      for (const stop of stops) stop();
    }
  });
}
