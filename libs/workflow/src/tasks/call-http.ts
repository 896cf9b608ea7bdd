import type { Authentication } from '../command.js';
import type { AuthenticationUse, HttpTask } from '../definition.js';
import { enclosed } from '../expression.js';
import { fault } from '../fault.js';
import type { Frame, Result } from '../frame.js';
import { isObject, type Json, member } from '../json.js';
import { perform, type Routine } from '../routine.js';

export function* callHttp(frame: Frame, task: HttpTask): Routine<Result> {
  const { machine, place, input, sight } = frame;
  const { method, endpoint, headers, body, query, output = 'content', redirect } = task.with;
  const isPlain = typeof endpoint === 'string';
  const filled = {
    headers: machine.fill(headers ?? {}, input, sight),
    query: machine.fill(query ?? {}, input, sight),
  };
  const use = isPlain ? undefined : endpoint.authentication;
  const answer = yield* perform({
    step: place,
    timeoutMs: frame.timeoutMs,
    call: {
      kind: 'http',
      method: method.toUpperCase(),
      uri: withQuery(frame, uriOf(frame, isPlain ? endpoint : endpoint.uri), filled.query),
      headers: textsOf(frame, filled.headers, 'headers'),
      ...(body === undefined ? {} : { body: machine.fill(body, input, sight) }),
      ...(use === undefined ? {} : { authentication: authenticationOf(frame, use) }),
      followRedirects: redirect !== true,
      isRaw: output === 'raw',
    },
  });
  const status = member(answer, 'statusCode');
  const mostStatus = redirect ? 399 : 299;
  if (typeof status !== 'number' || status < 200 || status > mostStatus)
    throw fault('communication', place.path, {
      title: 'The answer was not a success',
      detail: `The endpoint answered ${String(status)}.`,
      ...(typeof status === 'number' ? { status } : {}),
    });
  return { output: output === 'response' ? answer : (member(answer, 'content') ?? null) };
}

/** `{name}` stands for a member of the input; a list, an object or `{a.b}` for a path do not. */
function uriOf(frame: Frame, written: string): string {
  const { machine, input, sight, place } = frame;
  const wrong = (detail: string) =>
    fault('expression', place.path, { title: 'The address can not be made', detail });
  let uri: Json;
  if (enclosed(written) !== undefined) uri = machine.evaluate(written, input, sight);
  else
    uri = written.replace(/\{([^{}]+)\}/g, (_, name: string) => {
      const value = member(input, name) ?? '';
      if (typeof value === 'object') throw wrong(`{${name}} is a list or an object.`);
      return encodeURIComponent(String(value));
    });
  if (typeof uri !== 'string' || !/^https?:\/\/[^/\s]/i.test(uri) || !URL.canParse(uri))
    throw fault('configuration', place.path, {
      title: 'The address is none',
      detail: 'An endpoint is an address of http or https.',
    });
  return uri;
}

function withQuery(frame: Frame, uri: string, query: Json): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(isObject(query) ? query : {}))
    for (const one of Array.isArray(value) ? (value as Json[]) : [value])
      if (one !== null) url.searchParams.append(name, textOf(frame, one, `query.${name}`));
  return url.href;
}

export function textsOf(frame: Frame, value: Json, what: string): Readonly<Record<string, string>> {
  if (!isObject(value))
    throw fault('expression', frame.place.path, { title: `${what} must be an object` });
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null)
      .map(([name, one]) => [name, textOf(frame, one, `${what}.${name}`)]),
  );
}

export function textOf(frame: Frame, value: Json, what: string): string {
  if (typeof value === 'object')
    throw fault('expression', frame.place.path, {
      title: `${what} must be a text, a number or a boolean`,
    });
  return String(value);
}

function authenticationOf(frame: Frame, use: AuthenticationUse): Authentication {
  const { machine, input, sight } = frame;
  const meant = 'use' in use ? machine.workflow.use?.authentications?.[use.use] : use;
  const text = (written: string) =>
    textOf(frame, machine.fill(written, input, sight), 'authentication');
  if (meant && 'basic' in meant)
    return {
      basic: { username: text(meant.basic.username), password: text(meant.basic.password) },
    };
  if (meant && 'bearer' in meant) return { bearer: { token: text(meant.bearer.token) } };
  throw new Error('A validated definition names only authentications that it has.');
}
