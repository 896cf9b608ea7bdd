import { testEnvironment } from './config.js';

/**
 * What stands for `dist/` in a run of specs: built once, for the first who asks, and never while
 * somebody runs it. Undefined outside of such a run.
 */
export async function builtServices(): Promise<string | undefined> {
  const { shelf } = testEnvironment;
  if (!shelf) return undefined;
  const response = await fetch(new URL('/built', shelf));
  const said = await response.text();
  if (!response.ok) throw new Error(said);
  return said;
}
