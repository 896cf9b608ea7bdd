import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

const HOST_CHARS = 40;

/** Names this start of this process: host and pid for people, the rest so that no two are alike. */
export function newInstance(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, HOST_CHARS);
  return `${host}-${process.pid}-${randomBytes(4).toString('hex')}`;
}
