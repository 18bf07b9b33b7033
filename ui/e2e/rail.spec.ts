// The facet rail and the completing search box: two ways to write the same query.
import type { Page } from '@playwright/test';
import type { FacetsBody } from '../src/api/types';
import { expect, freshRows, grid, open, rowAt, test } from './server';

const box = (page: Page) => page.getByRole('combobox', { name: 'Search' });
const rail = (page: Page) => page.getByRole('complementary', { name: 'Filters' });
const count = (page: Page, n: number) =>
  expect(page.getByText(`${new Intl.NumberFormat('en').format(n)} of 500 records`)).toBeVisible();

test('a press asks for a value, another no more, and the query says so', async ({
  page,
  server,
}) => {
  const { row } = await freshRows(server);
  await server.star(row, { tags: ['very good'], quality_score: 9 });
  const { states } = await server.get<FacetsBody>('/api/facets');
  const errors = states.find(({ value }) => value === 'error')!.count;
  await open(page, server);
  const tag = rail(page).getByRole('button', { name: /^very good, 1 record$/ });
  await tag.click();
  await expect(box(page)).toHaveValue('tag:"very good"');
  await expect(tag).toHaveAttribute('aria-pressed', 'true');
  await count(page, 1);
  await page.getByRole('button', { name: 'Remove tag:"very good"' }).click();
  await expect(box(page)).toHaveValue('');

  await rail(page)
    .getByRole('button', { name: /^Errors/ })
    .click({ modifiers: ['Alt'] });
  await expect(box(page)).toHaveValue('-is:error');
  await count(page, 500 - errors);
  await expect(rail(page).getByRole('button', { name: 'Errors, left out' })).toBeVisible();
});

test('what cannot hold together is replaced, and all of it is taken away at once', async ({
  page,
  server,
}) => {
  // Of no record at all there would be no models to choose.
  const { row } = await freshRows(server);
  await server.star(row, { quality_score: 8 });
  await open(page, server);
  const press = (name: RegExp) => rail(page).getByRole('button', { name }).click();
  await press(/^Starred/);
  await press(/^Llama/);
  await press(/^Unreviewed/);
  await press(/^Qwen/);
  await expect(box(page)).toHaveValue(/^is:unreviewed model:Qwen\S+$/);
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect(box(page)).toHaveValue('');
});

test('scores are asked for by one bar, by Shift, by dragging and by keys', async ({
  page,
  server,
}) => {
  const { index } = await freshRows(server, 3);
  const { records } = await server.records(`offset=${index}&limit=3`);
  for (const [i, row] of records.entries()) await server.star(row, { quality_score: 8 + i });
  await open(page, server);
  const bar = (score: number) =>
    rail(page).getByRole('button', { name: new RegExp(`^Score ${score}:`) });
  await bar(8).click();
  await expect(box(page)).toHaveValue('score:8');
  await bar(10).click({ modifiers: ['Shift'] });
  await expect(box(page)).toHaveValue('score:8..10');
  await rail(page).getByRole('button', { name: 'Any score' }).click();
  await expect(box(page)).toHaveValue('');

  const [from, to] = [(await bar(2).boundingBox())!, (await bar(5).boundingBox())!];
  await page.mouse.move(from.x + 5, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(to.x + 5, to.y + 20, { steps: 8 });
  await page.mouse.up();
  await expect(box(page)).toHaveValue('score:2..5');

  await bar(2).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(box(page)).toHaveValue('score:10');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(box(page)).toHaveValue('score:9..10');
});

test('counts follow a star', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await expect(rail(page).getByRole('button', { name: 'Unreviewed, ' })).toBeVisible();
  await server.star(row, { tags: ['brand-new'] });
  await expect(rail(page).getByRole('button', { name: 'brand-new, 1 record' })).toBeVisible();
});

test('f leads to the filters, arrows through them, minus leaves out, Esc leads back', async ({
  page,
  server,
}) => {
  await open(page, server);
  await page.getByRole('button', { name: 'Hide filters' }).click();
  await expect(rail(page)).toBeHidden();
  await grid(page).focus();
  await page.keyboard.press('f');
  const first = rail(page).getByRole('button', { name: /^Unreviewed/ });
  await expect(first).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(rail(page).getByRole('button', { name: /^Starred/ })).toBeFocused();
  await page.keyboard.press('-');
  await expect(box(page)).toHaveValue('-is:starred');
  await page.keyboard.press('Escape');
  await expect(grid(page)).toBeFocused();
  await page.reload();
  await expect(rail(page)).toBeVisible();
});

test('on a narrow page the filters are a sheet', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, server);
  await page.getByRole('button', { name: 'Show filters' }).click();
  const sheet = page.getByRole('dialog', { name: 'Filters' });
  await sheet.getByRole('button', { name: /^Starred/ }).click();
  await expect(box(page)).toHaveValue('is:starred');
  await sheet.getByRole('button', { name: /^Show \d+ records?$/ }).click();
  await expect(sheet).toBeHidden();
});

test('completes fields and values by keys alone', async ({ page, server }) => {
  const { row } = await freshRows(server);
  await server.star(row, { tags: ['very good', 'vexing'] });
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('ta');
  const list = page.getByRole('listbox', { name: 'Completions' });
  await expect(list.getByRole('option')).toHaveText([/^tag:/]);
  await page.keyboard.press('Tab');
  await expect(box(page)).toHaveValue('tag:');
  await page.keyboard.type('ve');
  await expect(list.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('ArrowDown');
  const option = list.getByRole('option').first();
  await expect(option).toHaveAttribute('aria-selected', 'true');
  await expect(box(page)).toHaveAttribute(
    'aria-activedescendant',
    (await option.getAttribute('id'))!,
  );
  await page.keyboard.press('ArrowUp');
  await expect(box(page)).not.toHaveAttribute('aria-activedescendant');
  await list.getByRole('option', { name: /very good/ }).click();
  await expect(box(page)).toHaveValue('tag:"very good" ');
  await expect(box(page)).toBeFocused();
  await count(page, 1);
  await page.keyboard.type('is:st');
  await expect(list).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await expect(box(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(grid(page)).toBeFocused();
});

test('colours the query where it stands', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('the -tag:x "a b" ');
  await expect(page.locator('.paper .paint-field')).toHaveText('tag:');
  await expect(page.locator('.paper .paint-minus')).toHaveText('-');
  await expect(page.locator('.paper .paint-phrase')).toHaveText('"a b"');
  // What is seen is what is typed, letter below letter.
  const widths = await page.evaluate(() => {
    const paper = document.querySelector<HTMLElement>('.paper')!;
    const input = document.querySelector<HTMLInputElement>('input[role=combobox]')!;
    const font = (element: Element) => getComputedStyle(element).font;
    return { same: font(paper) === font(input), text: paper.textContent };
  });
  expect(widths).toEqual({ same: true, text: 'the -tag:x "a b" ' });
  await expect(rowAt(page, 0)).toBeVisible();
});
