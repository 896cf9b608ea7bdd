import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { natsOptions } from './nats-options.js';
import { SettingsInvalid } from './settings.js';

const servers = ['nats://a:4222'];

test('the credential of the address comes before the token, and that before the file', () => {
  const others = { natsToken: 'token', natsCredentials: '/nowhere' };
  expect(natsOptions({ natsUrl: 'nats://u:p@a:4222', ...others })).toEqual({
    servers,
    user: 'u',
    pass: 'p',
  });
  expect(natsOptions({ natsUrl: 'nats://a:4222', ...others })).toEqual({ servers, token: 'token' });
  expect(natsOptions({ natsUrl: 'nats://a:4222' })).toEqual({ servers });
});

test('a credentials file is read at each connect, and missed at once when it is not there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-nats-'));
  const file = join(folder, 'user.creds');
  writeFileSync(file, 'JWT and seed');
  const { authenticator } = natsOptions({ natsUrl: 'nats://a:4222', natsCredentials: file });
  expect(authenticator).toEqual(expect.any(Function));
  rmSync(folder, { recursive: true });
  const missing = () => natsOptions({ natsUrl: 'nats://a:4222', natsCredentials: file });
  expect(missing).toThrow(SettingsInvalid);
  expect(missing).toThrow(/NATS_CREDENTIALS: can't be read \(ENOENT\)/);
});

test('servers that name different credentials are a bad setting', () => {
  const differ = () => natsOptions({ natsUrl: 'nats://u:p@a:4222,nats://u:q@b:4222' });
  expect(differ).toThrow(/NATS_URL: the listed NATS servers name different credentials/);
});
