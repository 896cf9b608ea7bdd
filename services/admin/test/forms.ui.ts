import { expect } from 'playwright/test';
import { expectAccessible } from './axe.js';
import { faultsOf } from './given.js';
import { test } from './product.js';

const SETTINGS = `settings { totalDeadline startDeadline stopGrace deadLetter limits { memoryMb }
  retryPolicy { maxRetries jitter finalErrors lossIsFinal } }`;

test('a script is written with its retries, and who edits its name alone keeps them', async ({
  page,
  product,
}) => {
  const faults = faultsOf(page);
  await page.goto('/tasks/new');
  await page.getByText('System task', { exact: true }).click();
  await page.getByLabel('Name').fill('Weekly report');
  await page.getByRole('combobox', { name: 'System task' }).click();
  await page.getByRole('option', { name: /script\.run/ }).click();
  await page.getByRole('textbox', { name: 'Script', exact: true }).click();
  await page.keyboard.type('export default async ({ params }) => ({ ok: true })');
  await page.getByLabel('Jitter').last().fill('25');
  await expect(page.getByText('attempt 2 after 7.5 s to 10.0 s')).toBeVisible();
  await page.getByLabel('Errors that are final').fill('HTTP_4*, CARD_REFUSED');
  await page.getByRole('switch', { name: 'A lost worker is final' }).click();
  await page.getByRole('switch', { name: 'Keep what failed for good' }).click();
  await page.getByLabel('End within').fill('90');
  await page.getByLabel('Memory').fill('256');
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Weekly report');
  const id = /\/tasks\/([^?]+)/.exec(page.url())?.[1];
  const read = async () =>
    (await product.ask(`{ task(id: "${id}") { parameters ${SETTINGS} } }`))['task'];
  const saved = await read();
  expect(saved).toEqual({
    parameters: { script: 'export default async ({ params }) => ({ ok: true })' },
    settings: {
      totalDeadline: 90,
      startDeadline: null,
      stopGrace: null,
      deadLetter: false,
      limits: { memoryMb: 256 },
      retryPolicy: {
        maxRetries: 3,
        jitter: 0.25,
        finalErrors: ['HTTP_4*', 'CARD_REFUSED'],
        lossIsFinal: true,
      },
    },
  });
  await page.goto(`/tasks/${id}/edit`);
  await page.getByLabel('Name').fill('Monthly report');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Monthly report');
  expect(await read()).toEqual(saved);
  expect(faults).toEqual([]);
});
