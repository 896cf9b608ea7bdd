/** As the NATS client takes it: servers without credentials, and the credential beside them. */
export interface NatsAccess {
  readonly servers: string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

/** Servers of one cluster know the same users. The message tells no value. */
export class AddressesDiffer extends Error {
  readonly code = 'addresses-differ';

  constructor() {
    super('the listed NATS servers name different credentials: give each the same, or only one');
  }
}

/**
 * Takes `nats://user:password@host:4222`, or `nats://token@host:4222`, apart: the client itself does
 * not read credentials from addresses, and shows its addresses in what it tells of itself.
 */
export function natsAccess(addresses: string): NatsAccess {
  const urls = addresses.split(',').map((address) => new URL(address.trim()));
  const named = urls.filter(({ username }) => username !== '');
  const [first, ...others] = named;
  const servers = urls.map(({ protocol, host }) => `${protocol}//${host}`);
  if (first === undefined) return { servers };
  const isLikeFirst = ({ username, password }: URL) =>
    username === first.username && password === first.password;
  if (!others.every(isLikeFirst)) throw new AddressesDiffer();
  const user = decodeURIComponent(first.username);
  if (first.password === '') return { servers, token: user };
  return { servers, user, pass: decodeURIComponent(first.password) };
}
