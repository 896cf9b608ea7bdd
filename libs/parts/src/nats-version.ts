import { runCommand } from './run-command.js';

/** Older servers silently ignore what they don't know; see the README. */
export const NATS_VERSION_MIN = '2.15.0';

const VERSION_TIMEOUT_MS = 5_000;

/** The version a nats-server binary tells of itself, or undefined when it tells none. */
export async function natsVersionOf(binary: string): Promise<string | undefined> {
  try {
    const said = await runCommand(binary, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
    return /nats-server: v(\d+\.\d+\.\d+)/.exec(said)?.[1];
  } catch {
    return undefined;
  }
}

export function isNewEnough(version: string, minimum = NATS_VERSION_MIN): boolean {
  const [has, needs] = [version, minimum].map((text) => text.split('.').map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (has?.[part] ?? 0) - (needs?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
