import { expect } from 'playwright/test';
import { expectAccessible } from './axe.js';
import { CREATE, failing, idOf } from './given.js';
import { test } from './product.js';

const noop = (name: string) => ({
  ...failing(name),
  target: { systemTask: 'noop' },
  parameters: {},
  schedules: [{ cron: '0 9 * * *', timezone: 'Europe/Paris' }],
});

test('the palette goes to a task by a part of its name, and to a run by its id', async ({
  page,
  product,
}) => {
  const id = idOf(await product.ask(CREATE, { input: noop('Palette of paints') }));
  const run = await product.ask(
    `mutation { runTask(id: "${id}") { ... on RunAccepted { executionId } } }`,
  );
  await page.goto('/overview');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await expect(field).toBeFocused();
  await expect(page.getByRole('option', { name: 'Tasks g t' })).toBeVisible();
  await field.fill('paints');
  await expect(page.getByRole('option', { name: 'Palette of paints' }).first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/tasks/${id}`);
  const { executionId } = run['runTask'] as { executionId: string };
  await page.getByRole('button', { name: 'Find' }).click();
  await field.fill(executionId);
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/runs/${executionId}`);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option').first()).toHaveAccessibleName(/Palette of paints/);
});

test('many tasks are paused at once, after their number was said', async ({ page, product }) => {
  for (const name of ['Crowd one', 'Crowd two', 'Crowd three'])
    await product.ask(CREATE, { input: noop(name) });
  await page.goto('/tasks?q=Crowd');
  await expect(page.getByRole('row')).toHaveCount(4);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByText('1 of 3 chosen')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  await expect(page.getByText('3 of 3 chosen')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('region', { name: 'Chosen' }).getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Pause: 3');
  await expect(dialog).toContainText('Crowd two');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await expect(dialog).toContainText('3 done');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/chosen/)).toHaveCount(0);
  await expect(page.getByRole('gridcell', { name: 'Paused' })).toHaveCount(3);
});

test('a saved view is a filter with a name, and the rail opens the page with it', async ({
  page,
}) => {
  await page.goto('/tasks?q=Crowd');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Save what is shown now as').fill('The crowd');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Views (1)' }).click();
  await page.getByRole('button', { name: 'Open with The crowd' }).click();
  await page.keyboard.press('Escape');
  await page.goto('/overview');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page).toHaveURL('/tasks?q=Crowd');
  await page.goto('/overview');
  await page.getByRole('link', { name: 'The crowd' }).click();
  await expect(page).toHaveURL('/tasks?q=Crowd');
});

test('a task is looked at beside its list, and the list goes on paper whole', async ({ page }) => {
  await page.goto('/tasks?q=Crowd');
  await expect(page.getByRole('row')).toHaveCount(4);
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/peek=/);
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText('At 09:00');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(page).toHaveURL('/tasks?q=Crowd');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden();
  await expect(page.getByRole('row')).toHaveCount(4);
});
