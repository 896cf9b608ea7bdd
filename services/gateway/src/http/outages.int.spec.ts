import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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

describe('while nobody answers', () => {
  beforeEach(() => gateway.hangUp());
  afterEach(() => gateway.pickUp());

  test('a command is sent again until its service is back', async () => {
    const answer = gateway.send('POST', TASKS, task);
    await gateway.nc.flush();
    gateway.pickUp();
    expect((await answer).status).toBe(201);
    await gateway.hangUp();
  });

  test('the caller is told when to come again', async () => {
    const answer = await gateway.send('POST', TASKS, task);
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ code: 'service-unavailable' });
    expect(answer.response.headers.get('retry-after')).toBe('2');
  });
});

describe('while Postgres is away', () => {
  let cut: GatewayUnderTest;
  beforeAll(async () => {
    cut = await gatewayUnderTest({ adminDir: '/nowhere' }, { hasDatabase: false });
  });
  afterAll(() => cut?.stop());
  test('definitions and runs are taken all the same', async () => {
    expect((await cut.send('POST', TASKS, task)).status).toBe(201);
    expect((await cut.send('POST', `${TASKS}/some-id/run`, { parameters: {} })).status).toBe(202);
    expect(cut.commands.map(({ to }) => to)).toEqual(['definitions', 'dispatch']);
  });

  test('what cannot be read is 503, and says that the command holds', async () => {
    expect(await cut.send('GET', TASKS)).toMatchObject({
      status: 503,
      json: { code: 'service-unavailable' },
    });
    expect(await cut.send('POST', `${TASKS}/some-id/pause`, {})).toMatchObject({
      status: 503,
      json: { code: 'read-model-late' },
    });
    const answer = await cut.send('POST', '/graphql', { query: '{ dashboard { serverTime } }' });
    expect(answer.json.errors).toHaveLength(1);
    expect(JSON.stringify(answer.json)).not.toContain('127.0.0.1:1');
  });
});
