export default async function globalTeardown() {
  await globalThis.carillonTestShelf?.close();
}
