// Links to a record: they lead to it wherever it stands by now.
import type { Page } from '@playwright/test';
import { expect, freshRows, open, rowAt, test } from './server';

test('a link leads to its record wherever it stands, and says when it is not there', async ({
  page,
  server,
}) => {
  const { records } = await server.records('offset=200&limit=1');
  const id = records[0]!.custom_id;
  await page.goto(`${server.url}/#sort=-name&id=${encodeURIComponent(id)}`);
  await expect(page.locator('.row.here')).toContainText(id);
  await expect(page).toHaveURL(/#sort=-name&row=\d+$/);

  await server.star(records[0]!, { tags: ['here'] });
  await page.goto('about:blank');
  await page.goto(`${server.url}/#q=-tag%3Ahere&id=${encodeURIComponent(id)}`);
  await expect(page.getByText(`${id} is not among the records`).last()).toBeVisible();
  await page.getByRole('button', { name: 'Show it alone' }).click();
  await expect(rowAt(page, 0)).toContainText(id);
});

test('y copies a link that opens the same place', async ({ page, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('y');
  await expect(page.getByText(/^Link to .* copied$/).last()).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.locator('.row.here')).toContainText(row.custom_id);
  await expect(page.getByRole('grid')).toHaveAttribute('aria-activedescendant', `cell-${index}-3`);
});

test('the address says whether the inspector is open, for whoever has closed it', async ({
  page,
  server,
}) => {
  await open(page, server, 3);
  await page.keyboard.press('o');
  await expect(page).toHaveURL(/#row=4&open=record$/);
  const link = page.url();
  await page.keyboard.press('o');
  await expect(page).toHaveURL(/#row=4$/);
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('region', { name: 'Record', exact: true })).toBeVisible();
});

test('a link shows the columns of whoever sends it, and a new question outlives a quick reload', async ({
  page,
  server,
  browser,
}) => {
  await open(page, server);
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Hide column' }).click();
  await expect(page).toHaveURL(/column=/);
  const heads = (where: Page) => where.getByRole('columnheader').allInnerTexts();
  const mine = await heads(page);
  const other = await (await browser.newContext()).newPage();
  await other.goto(page.url());
  await expect(rowAt(other, 0)).toBeVisible();
  expect(await heads(other)).toEqual(mine);
  await other.close();
  await page.keyboard.press('/');
  await page.keyboard.type('is:unreviewed');
  const answered = page.waitForResponse(/records\?q=is%3Aunreviewed/);
  await page.keyboard.press('Enter');
  await answered;
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await page.reload();
  await expect(page.getByRole('search').getByRole('combobox')).toHaveValue('is:unreviewed');
});
