import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { credentialIn } from './credential.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-credential-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string) => join(folder, 'credentials', name);
const modeOf = (path: string) => statSync(path).mode & 0o777;

test('is made once for a data folder, for each server another, of 256 random bits', () => {
  const password = credentialIn(folder, 'nats');
  expect(Buffer.from(password, 'base64url')).toHaveLength(32);
  expect(credentialIn(folder, 'nats')).toBe(password);
  expect(credentialIn(folder, 'postgres')).not.toBe(password);
});

test('can be read by its owner alone, also when it was opened to others meanwhile', () => {
  const password = credentialIn(folder, 'nats');
  expect(modeOf(fileOf('nats'))).toBe(0o600);
  expect(modeOf(join(folder, 'credentials'))).toBe(0o700);
  chmodSync(fileOf('nats'), 0o644);
  expect(credentialIn(folder, 'nats')).toBe(password);
  expect(modeOf(fileOf('nats'))).toBe(0o600);
});

test('is made anew when what lies there is no credential', () => {
  const password = credentialIn(folder, 'nats');
  writeFileSync(fileOf('nats'), password.slice(0, 20));
  expect(credentialIn(folder, 'nats')).toHaveLength(password.length);
});
