// The page opens at both addresses, shows rows, and is moved through by keys.
import { expect, grid, open, rowAt, test } from './server';
import type { Status } from '../src/api/types';

for (const path of ['/', '/table_view.html']) {
  test(`opens at ${path}`, async ({ page, server }) => {
    await open(page, server, 0, path);
    const status = await server.get<Status>('/api/status');
    await expect(grid(page)).toHaveAttribute('aria-rowcount', String(status.catalog.records + 1));
    for (const { name } of status.models) {
      await expect(page.getByRole('columnheader', { name })).toHaveCount(1);
    }
    await expect(page.getByRole('columnheader', { name: status.heading })).toBeVisible();
    const first = (await server.records('limit=1')).records[0]!;
    await expect(rowAt(page, 0)).toContainText(first.name);
  });
}

test('moves by j, k, arrows, pages and ends', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await expect(rowAt(page, 2)).toHaveClass(/here/);
  await page.keyboard.press('k');
  await expect(rowAt(page, 1)).toHaveClass(/here/);
  await page.keyboard.press('ArrowRight');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-1-3');
  await page.keyboard.press('Home');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-1-0');
  await page.keyboard.press('Control+End');
  await expect(rowAt(page, 499)).toHaveClass(/here/);
  await expect(rowAt(page, 499)).toBeInViewport();
  await expect(rowAt(page, 499)).not.toHaveAttribute('aria-busy', 'true');
  await page.keyboard.press('PageUp');
  await expect(rowAt(page, 499)).not.toHaveClass(/here/);
  await page.keyboard.press('Control+Home');
  await expect(rowAt(page, 0)).toBeInViewport();
});

test('scrolls by wheel and stays there, and a key comes back to the cursor', async ({
  page,
  server,
}) => {
  await open(page, server);
  await grid(page).hover();
  await page.mouse.wheel(0, 8400);
  await expect(rowAt(page, 102)).toBeInViewport();
  await expect(rowAt(page, 102).locator('.name')).not.toBeEmpty();
  await page.waitForTimeout(400);
  await expect(rowAt(page, 102)).toBeInViewport();
  await page.keyboard.press('j');
  await expect(rowAt(page, 1)).toBeInViewport();
});

test('draws few rows however many there are', async ({ page, server }) => {
  await open(page, server);
  expect(await page.locator('[data-row]').count()).toBeLessThan(40);
});

test('Backspace does nothing, and keys stay out of text fields', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('Backspace');
  await expect(rowAt(page, 0)).toHaveClass(/here/);
  await page.keyboard.press('/');
  await expect(page.getByRole('combobox', { name: 'Search' })).toBeFocused();
  await page.keyboard.press('j');
  await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue('j');
  // What is typed is asked for soon, and finds nothing: the cursor has not moved before.
  await expect(page.locator('[data-row="1"].here')).toHaveCount(0);
});

test('density is remembered', async ({ page, server }) => {
  await open(page, server);
  await page.getByRole('button', { name: 'Compact' }).click();
  const height = async () => (await rowAt(page, 0).boundingBox())?.height;
  await expect.poll(height).toBe(36);
  await page.reload();
  await expect.poll(height).toBe(36);
});

test('lists all keys on ?', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(sheet).toContainText('next unreviewed record');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(grid(page)).toBeFocused();
});
