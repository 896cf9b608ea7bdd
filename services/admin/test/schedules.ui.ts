import { expect } from 'playwright/test';
import { expectAccessible } from './axe.js';
import { CREATE, failing, idOf } from './given.js';
import { test } from './product.js';

test('an edit says which runs it changes and why, and its version leads back', async ({
  page,
  product,
}) => {
  const schedules = [{ cron: '0 9 * * *', timezone: 'UTC', name: 'Morning' }];
  const id = idOf(
    await product.ask(CREATE, { input: { ...failing('Opens the shop'), schedules } }),
  );
  await page.goto(`/tasks/${id}/edit`);
  await page.getByLabel('Cron').fill('0 10 * * *');
  const change = page.getByRole('region', { name: 'What the edit changes' });
  await expect(change).toContainText('90 runs more, 90 fewer');
  await page.getByLabel('Note').fill('Nobody comes before ten');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Opens the shop/);
  await page.getByRole('link', { name: 'Versions' }).click();
  const versions = page.getByRole('region', { name: 'Morning' });
  await expect(versions).toContainText('Nobody comes before ten');
  await expect(versions).toContainText('0 9 * * * → 0 10 * * *');
  await expectAccessible(page);
  await versions.getByRole('button', { name: 'Restore: Version 1' }).click();
  await page.getByRole('dialog').getByLabel('Note').fill('They do');
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(versions).toContainText('They do');
  await expect(versions).toContainText('0 10 * * * → 0 9 * * *');
});

test('past slots are counted, then run, and their end is told live', async ({ page, product }) => {
  const target = { systemTask: 'noop' };
  const schedules = [{ cron: '*/2 * * * * *', timezone: 'UTC', name: 'Often' }];
  const input = { ...failing('Rang before'), target, parameters: {}, schedules };
  const id = idOf(await product.ask(CREATE, { input }));
  await page.goto(`/tasks/${id}?tab=backfills`);
  await page.getByText('UTC', { exact: true }).click();
  await expect(page.getByText('No backfill yet.')).toBeVisible();
  const { system } = (await product.ask('{ system { serverTime } }')) as {
    system: { serverTime: string };
  };
  const minute = Math.floor(Date.parse(system.serverTime) / 60_000) * 60_000;
  const local = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
  await page.getByLabel('From (UTC)').fill(local(minute - 20_000));
  await page.getByLabel('To (UTC)').fill(local(minute - 10_000));
  await page.getByRole('combobox', { name: 'Of these' }).click();
  await page.getByRole('option', { name: 'All of them' }).click();
  await expect(page.getByRole('region', { name: 'What it would run' })).toContainText('5 slots');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Finished' })).toContainText('5 succeeded');
  await expectAccessible(page);
  await product.ask(`mutation { deleteTask(id: "${id}") { __typename } }`);
});
