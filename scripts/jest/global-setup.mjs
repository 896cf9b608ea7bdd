// Offers the specs of one run a shelf of shared servers; nothing is started until a spec asks.
import '../source.mjs';

export default async function globalSetup() {
  const { openShelf } = await import('../../libs/testing/src/shelf.ts');
  const shelf = await openShelf();
  process.env.CARILLON_TEST_SHELF = shelf.address;
  globalThis.carillonTestShelf = shelf;
}
