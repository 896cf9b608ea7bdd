import { hash } from 'node:crypto';

const VARIANTS = '89ab';

/**
 * Makes UUIDs of version 5 (RFC 9562: the SHA-1 of a name in a namespace). Every slot and command gets
 * its id like this; the `uuid` package takes 8 µs for one, of which 7 are spent on arrays.
 */
export function nameUuids(namespace: string): (name: string) => string {
  const prefix = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  return (name) => {
    const hex = hash('sha1', Buffer.concat([prefix, Buffer.from(name)]), 'hex');
    const variant = VARIANTS[Number.parseInt(hex.charAt(16), 16) & 3];
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `5${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  };
}
