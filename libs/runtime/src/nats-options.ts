import { readFileSync } from 'node:fs';
import { type Authenticator, credsAuthenticator } from '@nats-io/transport-node';
import { AddressesDiffer, type NatsAccess, natsAccess } from '#libs/addresses';
import { SettingsInvalid } from './settings.js';

/** Where NATS is, and what it lets this process in with. */
export interface NatsPlace {
  readonly natsUrl: string;
  readonly natsToken?: string | undefined;
  /** File with a JWT and its seed, as `nsc` writes it. */
  readonly natsCredentials?: string | undefined;
}

export interface NatsOptions extends NatsAccess {
  readonly authenticator?: Authenticator;
}

/** For `connect`. What the address carries comes first, then the token, then the file. */
export function natsOptions(place: NatsPlace): NatsOptions {
  const access = accessOf(place.natsUrl);
  const { natsToken: token, natsCredentials: file } = place;
  if (access.user !== undefined || access.token !== undefined) return access;
  if (token !== undefined) return { ...access, token };
  if (file === undefined) return access;
  readCredentials(file);
  // Read again at each connect: the file may have been renewed.
  return { ...access, authenticator: credsAuthenticator(() => readCredentials(file)) };
}

function accessOf(natsUrl: string): NatsAccess {
  try {
    return natsAccess(natsUrl);
  } catch (error) {
    if (!(error instanceof AddressesDiffer)) throw error;
    throw new SettingsInvalid([{ name: 'NATS_URL', problem: error.message }]);
  }
}

function readCredentials(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsInvalid([{ name: 'NATS_CREDENTIALS', problem: `can't be read (${code})` }]);
  }
}
