// The grid: columns as one wants them, and rows that are selected.
import type { Page } from '@playwright/test';
import { expect, freshRows, grid, open, rowAt, test } from './server';

const heads = (page: Page) => page.getByRole('columnheader').allInnerTexts();
const head = (page: Page, name: string) => page.getByRole('columnheader', { name, exact: true });

test('a column is moved, made wider, kept in sight and hidden, and it is remembered', async ({
  page,
  server,
}) => {
  await open(page, server);
  const [, , a, b, c] = (await heads(page)) as [string, string, string, string, string];
  const menu = (name: string) => page.getByRole('dialog', { name: `Column ${name}` });

  // By keys: c opens the menu of the column under the cursor.
  await page.keyboard.press('c');
  await menu(a).getByRole('button', { name: 'Move right' }).press('Enter');
  await expect.poll(() => heads(page)).toEqual(expect.arrayContaining([b, a, c]));
  expect((await heads(page)).slice(2, 5)).toEqual([b, a, c]);
  await menu(a).getByRole('button', { name: 'Keep in sight' }).click();
  await expect.poll(async () => (await heads(page)).slice(2, 5)).toEqual([a, b, c]);
  const before = (await head(page, a).boundingBox())!.width;
  await menu(a).getByRole('button', { name: 'Wider' }).click();
  await expect.poll(async () => (await head(page, a).boundingBox())!.width).toBe(before + 40);
  await page.keyboard.press('Escape');
  await expect(grid(page)).toBeFocused();
  // The cursor went along with its column.
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-0-2');

  // By pointer: dragged by the head, and by its edge.
  await head(page, c).hover();
  await page.mouse.down();
  const target = (await head(page, b).boundingBox())!;
  await page.mouse.move(target.x + 20, target.y + 10, { steps: 6 });
  await page.mouse.up();
  await expect.poll(async () => (await heads(page)).slice(2, 5)).toEqual([a, c, b]);
  const edge = (await head(page, 'Candidate').boundingBox())!;
  await page.mouse.move(edge.x + edge.width - 3, edge.y + 10);
  await page.mouse.down();
  await page.mouse.move(edge.x + edge.width + 57, edge.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect
    .poll(async () => Math.round((await head(page, 'Candidate').boundingBox())!.width))
    .toBe(Math.round(edge.width) + 60);

  await head(page, b).hover();
  await head(page, b).getByRole('button', { name: /^Menu/ }).click();
  await menu(b).getByRole('button', { name: 'Hide column' }).click();
  await expect(head(page, b)).toBeHidden();
  const columns = (await heads(page)).length;
  await expect(grid(page)).toHaveAttribute('aria-colcount', String(columns));

  await page.reload();
  await expect(head(page, c)).toBeVisible();
  expect((await heads(page)).slice(2, 4)).toEqual([a, c]);

  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('checkbox', { name: `Show ${b}` }).check();
  await expect(head(page, b)).toBeVisible();
  await page.getByRole('button', { name: 'All as they come' }).click();
  expect((await heads(page)).slice(2, 5)).toEqual([a, b, c]);
});

test('a hidden model is not starred by a digit', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  const [, , a, b] = (await heads(page)) as [string, string, string, string];
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('checkbox', { name: `Show ${a}` }).uncheck();
  await page.keyboard.press('Escape');
  await expect(head(page, a)).toBeHidden();
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('9');
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars.map(({ model }) => model))
    .toEqual([b]);
});

test('the menu of a column sorts, and its bars ask for a range', async ({ page, server }) => {
  await open(page, server);
  const model = (await heads(page))[2]!;
  await page.keyboard.press('c');
  const menu = page.getByRole('dialog', { name: `Column ${model}` });
  await menu.getByRole('button', { name: 'Sort by tokens, greatest first' }).click();
  const sort = encodeURIComponent(`-tokens:${model}`);
  const first = (await server.records(`sort=${sort}&limit=1`)).records[0]!;
  await expect(rowAt(page, 0)).toContainText(first.custom_id);
  // The bars are of this model's outputs alone.
  const bars = menu.getByRole('group', { name: 'Characters' }).getByRole('button');
  const { records } = await server.records('limit=500');
  const outputs = records.flatMap((row) => row.outputs).filter((output) => output.model === model);
  const counted = async () => {
    const said = await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label')));
    const count = (name: string | null) => /: ([\d,]+) output/.exec(name ?? '')?.[1] ?? '0';
    return said.reduce((sum, name) => sum + Number(count(name).replaceAll(',', '')), 0);
  };
  await expect.poll(counted).toBe(outputs.length);
  await bars.nth(3).click();
  await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue(
    new RegExp(`^chars:\\d+\\.\\.\\d+ model:${model}$`),
  );
});

test('rows are selected by x, Space, Shift, a press on the number, and all at once', async ({
  page,
  server,
}) => {
  await open(page, server);
  const selected = (n: number) =>
    n > 0
      ? expect(page.getByText(`${n} selected`)).toBeVisible()
      : expect(page.getByText(/\d selected/)).toBeHidden();
  await page.keyboard.press('x');
  await expect(rowAt(page, 0)).toHaveAttribute('aria-selected', 'true');
  await selected(1);
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await selected(3);
  await page.keyboard.press('Shift+ArrowUp');
  await selected(2);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press(' ');
  await selected(3);
  await rowAt(page, 5).locator('.number').click();
  await selected(4);
  await rowAt(page, 7)
    .locator('.name')
    .click({ modifiers: ['Shift'] });
  await selected(6);
  // It outlives scrolling.
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Control+Home');
  await expect(rowAt(page, 0)).toHaveAttribute('aria-selected', 'true');
  await expect(rowAt(page, 2)).toHaveAttribute('aria-selected', 'false');

  await page.keyboard.press('Control+a');
  await selected(500);
  await page.keyboard.press('Escape');
  await selected(0);

  await page.keyboard.press('Control+a');
  await page.keyboard.press('/');
  await page.keyboard.type('is:unreviewed');
  await expect(page.getByText(/of 500 records/)).toBeVisible();
  await selected(0);
});

test('Ctrl+A leaves text fields and Space leaves buttons to themselves', async ({
  page,
  server,
}) => {
  await open(page, server);
  await page.getByRole('button', { name: 'Compact' }).focus();
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Compact' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.keyboard.press('/');
  await page.keyboard.type('lead');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('x y');
  await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue('x y');
  await expect(page.getByText(/\d selected/)).toBeHidden();
});
