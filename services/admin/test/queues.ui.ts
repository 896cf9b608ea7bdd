import { expect } from 'playwright/test';
import { expectAccessible } from './axe.js';
import { CREATE, failing, idOf } from './given.js';
import { test } from './product.js';

const slow = (name: string, settings: object) => ({
  ...failing(name),
  target: { systemTask: 'noop' },
  parameters: { durationMs: 30_000 },
  settings: { retryPolicy: { maxRetries: 0 }, ...settings },
});

test('a pool is paused with a reason, which whoever waits for it is told', async ({
  page,
  product,
}) => {
  await page.goto('/workers');
  await expect(page).toHaveURL('/queues#workers');
  const pools = page.getByRole('table', { name: 'Pools' });
  await expect(page.getByRole('table', { name: 'Workers' }).getByRole('row')).toHaveCount(2);
  await pools.getByRole('button', { name: 'Pause: system' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('The disk is changed');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Pause' }).click();
  const system = pools.getByRole('row', { name: /^system/ });
  await expect(system).toContainText('The disk is changed, by local-admin');

  const id = idOf(await product.ask(CREATE, { input: slow('Waits for its pool', {}) }));
  const run = await product.ask(
    `mutation { runTask(id: "${id}", priority: high) { ... on RunAccepted { executionId } } }`,
  );
  await expect(system).toContainText('1 high');
  await expectAccessible(page);
  const { executionId } = run['runTask'] as { executionId: string };
  await page.goto(`/runs/${executionId}`);
  await expect(page.getByText(/paused/i).first()).toBeVisible();
  await page.goto('/queues');
  await pools.getByRole('button', { name: 'Resume: system' }).click();
  await expect(system).toContainText('Open');
  await expect(page.getByRole('link', { name: 'Waits for its pool' })).toBeVisible();
  await product.ask(`mutation { cancelExecution(id: "${executionId}") { __typename } }`);
});

test('pools and limits are made, changed and deleted, and a task is put under them', async ({
  page,
  product,
}) => {
  await page.goto('/queues');
  await page.getByRole('button', { name: 'New pool' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('crawlers');
  await dialog.getByLabel('At once, at most').fill('4');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('row', { name: /^crawlers/ })).toContainText('0 of 4');

  await page.getByRole('button', { name: 'New limit' }).click();
  await dialog.getByLabel('Name').fill('Acme');
  await dialog.getByLabel('Key').fill('parameters.');
  await dialog.getByLabel('Starts').fill('5');
  await dialog.getByLabel('within seconds').fill('60');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog.getByLabel('Key')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await dialog.getByLabel('Key').fill('parameters.url');
  await dialog.getByRole('button', { name: 'Create' }).click();
  const limit = page.getByRole('row', { name: /^Acme/ });
  await expect(limit).toContainText('5 in 60 s');

  await page.getByLabel('Runs at once').fill('77');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('What the account may use is saved')).toBeVisible();

  const id = idOf(await product.ask(CREATE, { input: failing('Crawls') }));
  await page.goto(`/tasks/${id}/edit`);
  await page.getByRole('combobox', { name: 'Pool' }).click();
  await page.getByRole('option', { name: 'crawlers' }).click();
  await page.getByRole('button', { name: 'Acme' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Crawls/);
  const { task } = (await product.ask(`{ task(id: "${id}") { settings { pool limitIds } } }`)) as {
    task: { settings: { pool: string; limitIds: string[] } };
  };
  expect(task.settings.pool).toBe('crawlers');
  expect(task.settings.limitIds).toHaveLength(1);
  await product.ask(`mutation { deleteTask(id: "${id}") { __typename } }`);

  await page.goto('/queues');
  await limit.getByRole('button', { name: 'Edit: Acme' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  const asked = page.getByRole('dialog', { name: 'Delete Acme?' });
  await asked.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No limit yet.')).toBeVisible();
});
