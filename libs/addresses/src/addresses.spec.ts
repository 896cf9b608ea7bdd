import { describe, expect, test } from '@jest/globals';
import { AddressesDiffer, natsAccess } from './nats-access.js';
import { withoutCredentials } from './without-credentials.js';

describe('addresses of NATS', () => {
  test('without a credential are servers and nothing else', () => {
    const servers = ['nats://a:4222', 'tls://b:4223'];
    expect(natsAccess('nats://a:4222, tls://b:4223')).toEqual({ servers });
  });

  test('may carry a user and a password, or a token', () => {
    const servers = ['nats://a:4222'];
    expect(natsAccess('nats://u:p%40ss@a:4222')).toEqual({ servers, user: 'u', pass: 'p@ss' });
    expect(natsAccess('nats://t0k%2Fen@a:4222')).toEqual({ servers, token: 't0k/en' });
  });

  test('share the credential that one of them names', () => {
    const servers = ['nats://a:1', 'nats://b:2'];
    expect(natsAccess('nats://u:p@a:1,nats://b:2')).toEqual({ servers, user: 'u', pass: 'p' });
  });

  test('are refused when they name different ones, and the refusal tells none', () => {
    const differ = () => natsAccess('nats://u:secret1@a:1,nats://u:secret2@b:2');
    expect(differ).toThrow(AddressesDiffer);
    expect(differ).not.toThrow(/secret/);
  });
});

test('what is shown of an address is where it leads, and nothing of who is let in', () => {
  const shown = withoutCredentials('nats://u:secret@a:4222, nats://secret@b:4222');
  expect(shown).toBe('nats://a:4222,nats://b:4222');
  expect(withoutCredentials('postgres://u:secret@db:5432/x?password=secret')).toBe(
    'postgres://db:5432/x',
  );
  expect(withoutCredentials('secret')).toBe('(no address)');
});
