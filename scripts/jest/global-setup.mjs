// Offers the specs of one run a shelf of shared servers; nothing is started until a spec asks.
import { fileURLToPath } from 'node:url';
import '../source.mjs';

export default async function globalSetup() {
  const { openShelf } = await import('../../libs/testing/src/shelf.ts');
  const { buildApart } = await import('../build/build.ts');
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const shelf = await openShelf({ build: (folder) => buildApart(root, folder) });
  process.env.CARILLON_TEST_SHELF = shelf.address;
  globalThis.carillonTestShelf = shelf;
}
