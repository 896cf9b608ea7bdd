import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { TASKS, taskBody as task } from '../testing/task-body.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
});
afterAll(() => gateway?.stop());
beforeEach(() => {
  gateway.commands.length = 0;
  gateway.answerWith({});
});

const withSettings = (settings: object) => ({
  ...task,
  settings: { ...task.settings, ...settings },
});
const asHttp = (parameters: object) => ({
  ...task,
  target: { systemTask: 'http.request' },
  parameters,
});

describe('a task that is not fit is refused with the field at fault, and no command is sent', () => {
  test.each<[string, unknown, string, string]>([
    ['an unknown field', { ...task, nme: 1 }, '/nme', 'unknown-field'],
    [
      'an unknown field inside',
      { ...task, schedule: { ...task.schedule, zone: 'UTC' } },
      '/schedule/zone',
      'unknown-field',
    ],
    ['no name', { ...task, name: undefined }, '/name', 'missing'],
    ['a name of another type', { ...task, name: 5 }, '/name', 'wrong-type'],
    ['an empty name', { ...task, name: '' }, '/name', 'too-short'],
    ['a blank name', { ...task, name: '   ' }, '/name', 'blank'],
    ['a name that is too long', { ...task, name: 'x'.repeat(201) }, '/name', 'too-long'],
    [
      'a control character in the name',
      { ...task, name: 'a\u0007b' },
      '/name',
      'control-character',
    ],
    ['a name that is turned round', { ...task, name: 'a\u202eb' }, '/name', 'control-character'],
    ['an unknown type', { ...task, type: 'shell' }, '/type', 'not-one-of'],
    [
      'a workflow task without a workflow',
      { ...task, type: 'workflow', target: {} },
      '/target/workflowId',
      'missing',
    ],
    ['no target', { ...task, target: {} }, '/target/systemTask', 'missing'],
    [
      'an unknown system task',
      { ...task, target: { systemTask: 'rm' } },
      '/target/systemTask',
      'not-one-of',
    ],
    [
      'a target of another type',
      { ...task, target: { systemTask: 'noop', workflowId: 'w' } },
      '/target/workflowId',
      'target-mismatch',
    ],
    [
      'an automation that is not there',
      { ...task, type: 'browser_automation', target: { automationId: 'nobody' } },
      '/target/automationId',
      'automation-unknown',
    ],
    [
      'an id with dots',
      { ...task, type: 'browser_automation', target: { automationId: 'a.>' } },
      '/target/automationId',
      'bad-id',
    ],
    ['no schedule', { ...task, schedule: undefined }, '/schedule', 'missing'],
    ['both shapes of schedules', { ...task, schedules: [] }, '/schedules', 'ambiguous'],
    [
      'a cron expression out of range',
      { ...task, schedule: { ...task.schedule, cron: '61 * * * *' } },
      '/schedule/cron',
      'out-of-range',
    ],
    [
      'a cron expression that never fires',
      { ...task, schedule: { ...task.schedule, cron: '0 0 31 2 *' } },
      '/schedule/cron',
      'never-fires',
    ],
    [
      'an unknown zone',
      { ...task, schedule: { ...task.schedule, timezone: 'Mars/Olympus' } },
      '/schedule/timezone',
      'unknown-zone',
    ],
    [
      'a second schedule that is wrong',
      { ...task, schedule: undefined, schedules: [task.schedule, { cron: '', timezone: 'UTC' }] },
      '/schedules/1/cron',
      'empty',
    ],
    [
      'too many schedules',
      { ...task, schedule: undefined, schedules: Array(51).fill(task.schedule) },
      '/schedules',
      'too-long',
    ],
    [
      'an unknown DST policy',
      { ...task, schedule: { ...task.schedule, dst: 'both' } },
      '/schedule/dst',
      'not-one-of',
    ],
    ['no timeout at all', withSettings({ timeout: 0 }), '/settings/timeout', 'too-small'],
    ['an endless timeout', withSettings({ timeout: 1e9 }), '/settings/timeout', 'too-large'],
    [
      'half a retry',
      withSettings({ retryPolicy: { maxRetries: 1.5 } }),
      '/settings/retryPolicy/maxRetries',
      'wrong-type',
    ],
    [
      'a backoff that shrinks',
      withSettings({ retryPolicy: { backoffMultiplier: 0.5 } }),
      '/settings/retryPolicy/backoffMultiplier',
      'too-small',
    ],
    [
      'an unknown priority',
      withSettings({ priority: 'urgent' }),
      '/settings/priority',
      'not-one-of',
    ],
    [
      'a limit of nothing',
      withSettings({ concurrencyLimit: 0 }),
      '/settings/concurrencyLimit',
      'too-small',
    ],
    [
      'channels of another type',
      withSettings({ notifications: { channels: [1] } }),
      '/settings/notifications/channels/0',
      'wrong-type',
    ],
    ['enabled as a text', { ...task, enabled: 'yes' }, '/enabled', 'wrong-type'],
    ['parameters that are a list', { ...task, parameters: [] }, '/parameters', 'wrong-type'],
    [
      'parameters that are too large',
      { ...task, parameters: { a: 'x'.repeat(66_000) } },
      '/parameters',
      'too-large',
    ],
    [
      'a parameter nobody knows',
      { ...task, parameters: { durationMss: 1 } },
      '/parameters/durationMss',
      'parameter-invalid',
    ],
    ['a request without address', asHttp({}), '/parameters/url', 'parameter-invalid'],
    [
      'a request to a file',
      asHttp({ url: 'file:///etc/passwd' }),
      '/parameters/url',
      'parameter-invalid',
    ],
    ['a body that is a list', [task], '', 'wrong-type'],
    ['a body that is null', 'null', '', 'missing'],
    ['no body', undefined, '', 'missing'],
    ['a NUL', { ...task, description: 'a\u0000b' }, '/description', 'nul-character'],
    ['half a surrogate pair', '{"name":"\\ud800"}', '/name', 'lone-surrogate'],
    [
      'a key of prototypes',
      '{"parameters":{"__proto__":{"admin":true}}}',
      '/parameters/__proto__',
      'forbidden-key',
    ],
    [
      'bottomless nesting',
      `{"parameters":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
      '',
      'too-deep',
    ],
  ])('%s', async (_what, body, path, code) => {
    const { response, status, json } = await gateway.send('POST', TASKS, body);
    expect({ status, type: response.headers.get('content-type') }).toEqual({
      status: 400,
      type: 'application/problem+json',
    });
    expect(json.errors).toContainEqual(expect.objectContaining({ path, code }));
    expect(
      json.errors.every((one: { message: string }) => /^[A-Z"`\d].*\.$/s.test(one.message)),
    ).toBe(true);
    expect(json.instance).toBe(`urn:uuid:${response.headers.get('x-request-id')}`);
    expect(gateway.commands).toEqual([]);
  });

  test('all faults are told at once', async () => {
    const schedule = { cron: '* * * *', timezone: 'Nowhere/At_All' };
    const { json } = await gateway.send('POST', TASKS, { ...task, target: {}, schedule });
    expect(json.errors.map((one: { path: string }) => one.path).sort()).toEqual([
      '/schedule/cron',
      '/schedule/timezone',
      '/target/systemTask',
    ]);
  });
});
