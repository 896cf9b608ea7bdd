import { type DebianPackage, fetchDebianPackage } from './debian-package.js';

/** Where the distributions keep a new enough nats-server. */
const NATS_SERVER: DebianPackage = {
  name: 'nats-server',
  program: 'nats-server',
  places: {
    debian: { suite: 'sid', component: 'main' },
    ubuntu: { suite: 'devel', component: 'universe' },
  },
};

/** The distribution's package of a newer suite. */
export function fetchNatsFromDebian<T>(
  path: string | undefined,
  keep: (binary: string) => Promise<T>,
): Promise<T> {
  return fetchDebianPackage(NATS_SERVER, path, keep);
}
