import { testEnvironment } from './config.js';

/** Within a run of specs: builds the services when something was written since. Else the caller has. */
export async function ensureBuilt(): Promise<void> {
  const { shelf } = testEnvironment;
  if (!shelf) return;
  const response = await fetch(new URL('/built', shelf));
  if (!response.ok) throw new Error(await response.text());
  await response.body?.cancel();
}
