// Searching and sorting, what is said when a query is wrong, and that the address keeps the place.
import { expect, freshRows, grid, open, rowAt, test } from './server';

test('finds by words and shows how many', async ({ page, server }) => {
  const { row } = await freshRows(server);
  const id = row.custom_id;
  await server.star(row, { tags: ['needle-tag'] });
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('tag:needle-tag');
  await expect(page.getByText('1 of 500 records')).toBeVisible();
  await expect(rowAt(page, 0)).toContainText(id);
  await page.keyboard.press('Enter');
  await expect(grid(page)).toBeFocused();
  await expect(page).toHaveURL(/#q=tag%3Aneedle-tag/);
  await page.reload();
  await expect(page.getByText('1 of 500 records')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue('tag:needle-tag');
});

test('a space typed behind a word stays while the answer comes', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('the ');
  await expect(page.getByText(/ of 500 records/)).toBeVisible();
  await page.keyboard.type('and');
  await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue('the and');
});

test('says what is wrong with a query, in place, and keeps the rows', async ({
  page,
  server,
  expected,
}) => {
  expected.push(/status of 400/);
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('score:');
  const alert = page.getByRole('search').getByRole('alert');
  await expect(alert).toContainText(/at \d+/);
  await expect(rowAt(page, 0)).toBeVisible();
  await page.getByRole('button', { name: 'Clear search' }).click();
  await expect(alert).toBeHidden();
});

test('says so when nothing matches, and clears', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('tag:no-one-uses-this');
  await expect(page.getByRole('heading', { name: 'No record matches' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Clear search' }).click();
  await expect(rowAt(page, 0)).toBeVisible();
});

test('sorts by a click on a heading, round and back', async ({ page, server }) => {
  await open(page, server);
  const head = page.getByRole('columnheader').nth(1);
  const first = () => rowAt(page, 0).innerText();
  const natural = await first();
  await head.getByRole('button').first().click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  const names = (await server.records('sort=name&limit=1')).records;
  await expect(rowAt(page, 0)).toContainText(names[0]!.custom_id);
  await head.getByRole('button').first().click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect(page).toHaveURL(/sort=-name/);
  await head.getByRole('button').first().click();
  await expect(head).toHaveAttribute('aria-sort', 'none');
  await expect.poll(first).toBe(natural);
});

test('sorts by the length of a model’s answers', async ({ page, server }) => {
  await open(page, server);
  const head = page.getByRole('columnheader').nth(2);
  const model = await head.innerText();
  await head.getByRole('button').first().click();
  const sort = encodeURIComponent(`chars:${model}`);
  const sorted = (await server.records(`sort=${sort}&limit=1`)).records;
  await expect(rowAt(page, 0)).toContainText(sorted[0]!.custom_id);
});

test('sorts by a model’s tokens instead, and by stars', async ({ page, server }) => {
  const row = (await server.records('offset=7&limit=1')).records[0]!;
  for (const starred_by of ['ada', 'ben', 'cy']) await server.star(row, { starred_by });
  await open(page, server);
  const head = page.getByRole('columnheader').nth(2);
  const model = await head.innerText();
  await head.getByRole('button').first().click();
  await head.getByRole('button', { name: 'chars' }).click();
  await expect(head.getByRole('button', { name: 'tokens' })).toBeVisible();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  const by = async (sort: string) =>
    (await server.records(`sort=${encodeURIComponent(sort)}&limit=1`)).records[0]!.custom_id;
  await expect(rowAt(page, 0)).toContainText(await by(`tokens:${model}`));
  await page.getByRole('columnheader').last().getByRole('button').click();
  await expect(page).toHaveURL(/sort=-stars/);
  await expect(rowAt(page, 0)).toContainText(row.custom_id);
});

test('a reload comes back to the same row', async ({ page, server }) => {
  await open(page, server, 321);
  await expect(rowAt(page, 321)).toBeInViewport();
  await page.keyboard.press('j');
  await expect(page).toHaveURL(/#row=323$/);
  await page.reload();
  await expect(rowAt(page, 322)).toHaveClass(/here/);
  await expect(rowAt(page, 322)).toBeInViewport();
});
