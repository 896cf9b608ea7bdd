import { expect } from 'playwright/test';
import { expectAccessible } from './axe.js';
import { CREATE, failing, idOf } from './given.js';
import { test } from './product.js';

test('what failed for good is inspected, run again edited, and run again in bulk', async ({
  page,
  product,
}) => {
  const id = idOf(await product.ask(CREATE, { input: failing('Charges cards') }));
  // Others may have died before.
  const own = `/dead-letters?task=${id}`;
  await page.goto(own);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dead letters');
  // Live: they come while the page is open.
  for (let run = 0; run < 3; run++)
    await product.ask(`mutation { runTask(id: "${id}") { __typename } }`);
  const rows = page.getByRole('row').filter({ hasText: 'Charges cards' });
  await expect(page.getByText(/▲ 3 new|^3 runs that failed/)).toBeVisible();
  await page.reload();
  await expect(rows).toHaveCount(3);
  await expectAccessible(page);
  await page.getByRole('button', { name: /HTTP_CONNECTION_REFUSED/ }).click();
  await expect(page).toHaveURL(/[?&]code=HTTP_CONNECTION_REFUSED/);

  await rows.first().focus();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText('Every attempt that its policy allows has failed.');
  await drawer.getByRole('button', { name: 'Run with another input' }).click();
  await drawer.getByLabel('Input of the new run').fill('{"url": "http://127.0.0.1:4/", ');
  await expect(drawer.getByText(/not a JSON object/)).toBeVisible();
  await expectAccessible(page);
  await drawer.getByLabel('Input of the new run').fill('{"url": "http://127.0.0.1:5/"}');
  await drawer.getByLabel('Note').fill('Another port');
  await drawer.getByRole('button', { name: 'Run again' }).click();
  await expect(drawer).toBeHidden();
  await expect(page.getByText('A new run is queued')).toBeVisible();

  await page.goto(`${own}&status=redriven`);
  await expect(rows.first()).toContainText('Run again');
  await rows.first().focus();
  await page.keyboard.press('Enter');
  await expect(drawer).toContainText('Run again by local-admin');
  await drawer.getByRole('link', { name: 'the new run' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Failed');
  await page.getByRole('link', { name: 'Kept as a dead letter' }).click();
  await expect(drawer).toContainText('http://127.0.0.1:5/');
  await page.keyboard.press('Escape');

  await page.goto(own);
  await page.getByRole('button', { name: 'Run all 3 again' }).click();
  await expect(drawer).toContainText('3 would run again');
  await drawer.getByLabel('A minute').fill('600');
  await expectAccessible(page);
  await drawer.getByRole('button', { name: 'Begin' }).click();
  const redrives = page.getByRole('region', { name: 'Being run again' });
  await expect(redrives).toContainText('3 failed');
  await expectAccessible(page);

  await page.goto(own);
  await page.getByRole('button', { name: 'Discard all 3' }).click();
  await drawer.getByLabel('Note').fill('The port is closed for good');
  await drawer.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText('3 discarded')).toBeVisible();
  // Rows stay where they are while somebody looks.
  await expect(rows).toHaveCount(3);
  await page.reload();
  await expect(page.getByText('No dead letter matches')).toBeVisible();
  await expectAccessible(page);
});

test('a run is asked to stop, and retried with another input', async ({ page, product }) => {
  const target = { systemTask: 'noop' };
  const input = { ...failing('Sleeps long'), target, parameters: { durationMs: 60_000 } };
  const id = idOf(await product.ask(CREATE, { input }));
  const run = await product.ask(
    `mutation { runTask(id: "${id}") { ... on RunAccepted { executionId } } }`,
  );
  await page.goto(`/runs/${(run['runTask'] as { executionId: string }).executionId}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Running');
  await page.keyboard.press('c');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Cancelled');
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Input' }).fill('{"durationMs": 20}');
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Success');
  await expect(page.getByRole('figure', { name: 'Input' })).toContainText('20');
});

test('a run that does not stop when it is asked to is ended at once', async ({ page, product }) => {
  const input = {
    ...failing('Never listens'),
    target: { systemTask: 'shell.run' },
    parameters: { script: "trap '' TERM INT\necho deaf\nwhile true; do sleep 1; done" },
    settings: { retryPolicy: { maxRetries: 0 }, stopGrace: 60 },
  };
  const id = idOf(await product.ask(CREATE, { input }));
  const run = await product.ask(
    `mutation { runTask(id: "${id}") { ... on RunAccepted { executionId } } }`,
  );
  await page.goto(`/runs/${(run['runTask'] as { executionId: string }).executionId}`);
  await expect(page.getByRole('log')).toContainText('deaf');
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel the run' }).click();
  await expect(page.getByRole('button', { name: 'End at once' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Running');
  await expectAccessible(page);
  await page.keyboard.press('c');
  await dialog.getByRole('button', { name: 'End it' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Cancelled');
  const waits = page.getByLabel('Where the time went').first();
  await expect(waits).toContainText('User code');
});
