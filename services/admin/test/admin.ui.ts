import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'playwright/test';
import { expectAccessible } from './axe.js';
import { CREATE, failing, faultsOf, idOf } from './given.js';
import { test } from './product.js';

/** An address that answers when it is told to. */
async function slowDoor() {
  const held: ServerResponse[] = [];
  const server = createServer((_, response) => void held.push(response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/slow`,
    answer: () => {
      for (const response of held.splice(0)) response.end('done');
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

test.describe.configure({ mode: 'serial' });

test('a new account is led to its first task', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Three steps to the first ring');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'New task' }).click();
  await expect(page).toHaveURL(/\/tasks\/new$/);
});

test('a task is created with the runs that were previewed, and rings live', async ({ page }) => {
  const faults = faultsOf(page);
  await page.goto('/tasks/new');
  await page.getByText('System task', { exact: true }).click();
  await page.getByLabel('Name').fill('Every two seconds');
  await page.getByRole('combobox', { name: 'System task' }).click();
  await page.getByRole('option', { name: /noop/ }).click();
  await page.getByLabel('Milliseconds').fill('300');
  await page.getByLabel('Cron').fill('0 0 31 2 *');
  await expect(page.getByText(/never fire/).first()).toBeVisible();
  await page.getByLabel('Cron').fill('*/2 * * * * *');
  await expect(page.getByText('Every 2 seconds').first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Every two seconds');
  await expect(page.getByText('*/2 * * * * *')).toBeVisible();
  // Without a reload: the first run appears, and ends.
  await expect(page.getByRole('gridcell', { name: 'Success' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Paused');
  expect(faults).toEqual([]);
});

test('a problem is shown at the field that it belongs to', async ({ page }) => {
  await page.goto('/tasks/new');
  await page.getByText('System task', { exact: true }).click();
  await page.getByLabel('Name').fill('Without an address');
  await page.getByRole('button', { name: 'Create the task' }).click();
  await expect(page.getByRole('alert')).toContainText('/parameters/url');
  await expect(page).toHaveURL(/\/tasks\/new$/);
});

test('who edits the description alone leaves the schedules as they were', async ({
  page,
  product,
}) => {
  const schedules = [
    { cron: '0  9-21 * * 1-5', timezone: 'Asia/Kolkata', overlap: { policy: 'buffer_one' } },
    { every: '90s', catchUp: { mode: 'all', window: '2h' }, name: 'often', enabled: false },
  ];
  const id = idOf(
    await product.ask(CREATE, { input: { ...failing('Keeps its schedules'), schedules } }),
  );
  const read = () =>
    product.ask(`{ task(id: "${id}") { schedules { id revision cron every anchor timezone dst name
      enabled overlap { policy } catchUp { mode window } } } }`);
  const before = await read();
  await page.goto(`/tasks/${id}/edit`);
  await expect(page.getByLabel('Cron')).toHaveValue('0  9-21 * * 1-5');
  await page.getByLabel('Description').fill('Between nine and nine.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Keeps its schedules/);
  await expect(page.getByText('Between nine and nine.')).toBeVisible();
  expect(await read()).toEqual(before);
  await page.goto(`/tasks/${id}/edit`);
  await page.getByText('Policies').first().click();
  await page.getByRole('combobox', { name: 'While a run is still open' }).click();
  await page.getByRole('option', { name: 'Keep all waiting' }).click();
  await page.getByLabel('Jitter').first().fill('soon');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('/schedules/0/jitter');
  await expectAccessible(page);
  await page.getByLabel('Jitter').first().fill('30s');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Keeps its schedules/);
  const { task } = (await product.ask(
    `{ task(id: "${id}") { schedules { cron jitter overlap { policy } } } }`,
  )) as { task: { schedules: unknown[] } };
  expect(task.schedules).toContainEqual({
    cron: '0  9-21 * * 1-5',
    jitter: '30s',
    overlap: { policy: 'buffer_all' },
  });
});

test('a failed run is found, understood and retried in three presses', async ({
  page,
  product,
}) => {
  const id = idOf(await product.ask(CREATE, { input: failing('Calls a closed door') }));
  await product.ask(`mutation { runTask(id: "${id}") { __typename } }`);
  await page.goto('/overview');
  await page.getByRole('link', { name: 'Calls a closed door' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Failed');
  await expect(page.getByRole('log')).toContainText('127.0.0.1:4');
  await expect(page.getByRole('table')).toContainText('HTTP_CONNECTION_REFUSED');
  const failed = page.url();
  await page.keyboard.press('r');
  await expect(page).not.toHaveURL(failed);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Failed');
  await expect(page.getByRole('link', { name: 'a retry of an earlier run' })).toHaveAttribute(
    'href',
    new URL(failed).pathname,
  );
});

test('the log is followed live, and has every line once after the socket was lost', async ({
  page,
  product,
}) => {
  const sockets: (() => void)[] = [];
  await page.routeWebSocket('**/graphql', (socket) => {
    const server = socket.connectToServer();
    sockets.push(() => {
      void socket.close({ code: 3001 });
      void server.close({ code: 3001 });
    });
  });
  const door = await slowDoor();
  const input = { ...failing('Waits for an answer'), parameters: { url: door.url } };
  const id = idOf(await product.ask(CREATE, { input }));
  const run = await product.ask(
    `mutation { runTask(id: "${id}") { ... on RunAccepted { executionId } } }`,
  );
  await page.goto(`/runs/${(run['runTask'] as { executionId: string }).executionId}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Running');
  await expect(page.getByRole('log')).toContainText(`GET ${door.url}`);
  const indicator = (state: string) => page.getByRole('status').filter({ hasText: state });
  for (const cut of sockets.splice(0)) cut();
  await expect(indicator('Reconnecting')).toBeVisible();
  await expect(indicator('Live')).toBeVisible();
  door.answer();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Success');
  await expect(page.getByRole('log')).toContainText('Answered 200');
  const numbers = await page.getByRole('button', { name: /Link to line/ }).allTextContents();
  expect(numbers).toEqual(numbers.map((_, place) => `${place + 1}`));
  await door.close();
});

test('the ledger tells every slot of a task, and what led to its outcome', async ({
  page,
  product,
}) => {
  const schedules = [
    { cron: '*/2 * * * * *', timezone: 'Asia/Kathmandu', name: 'by two' },
    { cron: '*/4 * * * * *', timezone: 'Asia/Tokyo', name: 'by four' },
  ];
  const target = { systemTask: 'noop' };
  const input = { ...failing('Rings twice at once'), target, parameters: {}, schedules };
  const id = idOf(await product.ask(CREATE, { input }));
  await page.goto(`/tasks/${id}`);
  await page.getByRole('link', { name: 'Slots' }).click();
  await expect(page).toHaveURL(`/tasks/${id}?tab=slots`);
  const ledger = page.getByRole('region', { name: 'Slots' });
  await expect(ledger.getByRole('row').filter({ hasText: 'On time' }).first()).toBeVisible();
  await ledger.getByRole('button', { name: 'Skipped' }).click();
  await expect(page).toHaveURL(`/tasks/${id}?tab=slots&outcome=skipped`);
  const skipped = ledger.getByRole('row').filter({ hasText: 'Another schedule rang at once' });
  await expect(skipped.first()).toContainText('Skipped: by');
  await expect(ledger.getByText('On time')).toHaveCount(0);
  await product.ask(`mutation { pauseTask(id: "${id}") { __typename } }`);
  await skipped.first().getByRole('button').focus();
  await page.keyboard.press('Enter');
  const chain = ledger.getByRole('list', { name: 'What happened, in order' });
  await expect(chain).toContainText('came into force. by local-admin');
  await expect(chain).toContainText('ran in its place');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(chain).toBeHidden();
  await skipped
    .first()
    .getByRole('link', { name: /^execution / })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Rings twice at once');
  await page.goBack();
  await expect(ledger.getByRole('button', { name: 'Skipped' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await product.ask(`mutation { deleteTask(id: "${id}") { __typename } }`);
});

test('filters are in the address, and survive a reload and Back', async ({ page }) => {
  await page.goto('/runs');
  await page.getByRole('button', { name: 'Failed', exact: true }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('closed');
  await expect(page).toHaveURL('/runs?status=failed&q=closed');
  await expect(page.getByText('2 runs, newest first')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Failed', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.getByRole('gridcell', { name: 'Calls a closed door', exact: true }).first().click();
  await expect(page).toHaveURL(/\/runs\/[^?]+\?from=status%3Dfailed/);
  const first = page.url();
  const beside = (which: string) => page.getByRole('button', { name: which });
  await expect(beside('The next run in the list')).toBeEnabled();
  await page.keyboard.press(']');
  await expect(page).not.toHaveURL(first);
  await expect(beside('The run before in the list')).toBeEnabled();
  await page.keyboard.press('[');
  await expect(page).toHaveURL(first);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL('/runs?status=failed&q=closed');
  await expect(page.getByRole('searchbox')).toHaveValue('closed');
});

test('everything can be reached by keyboard', async ({ page }) => {
  await page.goto('/overview');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('failing');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page).toHaveURL('/tasks');
  await expect(page.getByRole('row')).toHaveCount(5);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.locator('[role=row]:focus')).toContainText('Every two seconds');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Every two seconds');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Keyboard shortcuts');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('a recording is imported; what is wrong is told by step', async ({ page }) => {
  await page.goto('/automations/new');
  const flow = {
    title: 'Look at a page',
    steps: [{ type: 'navigate', url: 'https://example.com/{{page}}' }, { type: 'clik' }],
  };
  await page.getByLabel('Recorder JSON').fill(JSON.stringify(flow));
  await expect(page.getByRole('alert')).toContainText('Step 2');
  await expectAccessible(page);
  flow.steps[1] = { type: 'close' };
  await page.getByLabel('Recorder JSON').fill(JSON.stringify(flow));
  await expect(page.getByText('2 steps, all understood')).toBeVisible();
  await page.getByRole('button', { name: 'Save the flow' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Look at a page');
  await page.getByRole('link', { name: 'Make a task of it' }).click();
  await expect(page.getByLabel('page', { exact: true })).toBeVisible();
});

test('holidays are imported, seen and saved as a calendar', async ({ page }) => {
  await page.goto('/calendars?edit=new');
  await page.getByLabel('Country').fill('de');
  await page.getByLabel('State').fill('by');
  await page.getByLabel('Years').fill('2030');
  await page.getByRole('button', { name: 'Add the holidays' }).click();
  await expect(page.getByLabel('Dates')).toHaveValue(/2030-12-25 /);
  await page.getByLabel('Weekly hours').fill('Mon-Fry 09:00-17:00');
  await page.getByLabel('Name').fill('Bavaria');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Line 1 is not understood.')).toBeVisible();
  await page.getByLabel('Weekly hours').fill('Mon-Fri 09:00-17:00');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('row', { name: /Bavaria/ })).toContainText('weekly hours');
  await expect(page).toHaveURL('/calendars');
});

test('while a maintenance holds every page says so, until it is ended', async ({ page }) => {
  await page.goto('/maintenance');
  await page.getByLabel('Reason').fill('The belfry is painted');
  await page.getByRole('button', { name: 'Begin now' }).click();
  const banner = page.getByRole('status').filter({ hasText: 'All schedules of this account' });
  await expect(banner).toContainText('by local-admin — The belfry is painted');
  await page.goto('/tasks');
  await expect(banner).toBeVisible();
  await expectAccessible(page);
  await banner.getByRole('button', { name: 'End it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await expect(banner).toBeHidden();
});

test('a maintenance of the whole system is told as one', async ({ page }) => {
  await page.goto('/maintenance');
  await page.getByRole('combobox', { name: 'Holds' }).click();
  await page.getByRole('option', { name: 'The whole system' }).click();
  await page.getByLabel('Reason').fill('New disks');
  await page.getByRole('button', { name: 'Begin now' }).click();
  const banner = page.getByRole('status').filter({ hasText: 'All schedules of the whole system' });
  await expect(banner).toContainText('by local-admin — New disks');
  await expect(page.getByRole('row', { name: 'New disks' })).toContainText('The whole system');
  await expectAccessible(page);
  await banner.getByRole('button', { name: 'End it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await expect(banner).toBeHidden();
});

test('the first load keeps within its budget', async ({ page }) => {
  const bodies: Promise<{ kind: string; bytes: number }>[] = [];
  page.on('response', (response) => {
    const kind = /\.(js|css)$/.exec(new URL(response.url()).pathname)?.[1];
    if (kind) bodies.push(response.body().then((body) => ({ kind, bytes: gzipSync(body).length })));
  });
  await page.goto('/overview');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('failing');
  const loaded = await Promise.all(bodies);
  const kilobytes = (kind: string): number =>
    loaded.filter((each) => each.kind === kind).reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
  test
    .info()
    .annotations.push({ type: 'kB', description: `${kilobytes('js')} ${kilobytes('css')}` });
  expect(kilobytes('js')).toBeGreaterThan(50);
  expect(kilobytes('js')).toBeLessThan(230);
  expect(kilobytes('css')).toBeLessThan(40);
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`no screen breaks a rule of accessibility, ${colorScheme}`, async ({ browser, product }) => {
    const context = await browser.newContext({ colorScheme, baseURL: product.url });
    const page = await context.newPage();
    const faults = faultsOf(page);
    const lists = [
      '/tasks',
      '/runs',
      '/queues',
      '/dead-letters',
      '/automations',
      '/calendars',
      '/maintenance',
    ];
    const others = ['/overview', '/calendars?edit=new', '/runs?q=none', '/none'];
    for (const path of [...lists, ...others]) {
      await page.goto(path);
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await page.waitForLoadState('networkidle');
      await expectAccessible(page);
    }
    expect(faults).toEqual([]);
    await context.close();
  });
