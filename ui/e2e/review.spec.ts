// Starring, by as few keys as can be; and that the disk, not the page, holds the stars.
import type { Page } from '@playwright/test';
import { expect, freshRows, grid, open, rowAt, starButton, test } from './server';

test('stars by keyboard only in three presses, and a reload keeps it', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  for (const key of ['s', '9', 'Enter']) await page.keyboard.press(key);

  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(starButton(page, index)).toHaveText('★ 9/10');
  await expect(rowAt(page, index)).toHaveClass(/starred/);
  await expect(grid(page)).toBeFocused();
  await expect.poll(async () => (await server.record(row.custom_id)).stars.length).toBe(1);

  await page.reload();
  await expect(starButton(page, index)).toHaveText('★ 9/10');
  await expect(rowAt(page, index)).toHaveClass(/starred/);
});

test('a digit stars at once and goes on to the next row', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 2);
  await open(page, server, index);
  await page.keyboard.press('9');
  await expect(starButton(page, index)).toHaveText('★ 9/10');
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
  await page.keyboard.press('0');
  await expect(starButton(page, index + 1)).toHaveText('★ 10/10');
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars[0]?.quality_score)
    .toBe(9);
});

test('a digit stays on the row when advancing is switched off', async ({ page, server }) => {
  const { index } = await freshRows(server);
  await open(page, server, index);
  await page.getByText('Advance', { exact: true }).click();
  await page.keyboard.press('7');
  await expect(starButton(page, index)).toHaveText('★ 7/10');
  await expect(rowAt(page, index)).toHaveClass(/here/);
});

test('the cell under the cursor says which model is starred', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('8');
  await expect(starButton(page, index)).toHaveText('★ 8/10');
  const second = await page.getByRole('columnheader').nth(3).innerText();
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars.map((s) => s.model))
    .toEqual([second]);
});

test('the dialog is filled with the star there is, and can take it back', async ({
  page,
  server,
}) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Star output' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('8');
  await page.keyboard.type('first,second');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Notes').fill('because');
  await dialog.getByRole('button', { name: 'Save star' }).click();
  await expect(dialog).toBeHidden();
  await expect(rowAt(page, index)).toContainText('second');
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars[0])
    .toMatchObject({ quality_score: 8, tags: ['first', 'second'], notes: 'because' });

  await page.reload();
  await expect(starButton(page, index)).toHaveText('★ 8/10');
  await page.keyboard.press('s');
  const edit = page.getByRole('dialog', { name: 'Edit star' });
  await expect(edit.getByRole('radio', { name: 'Score 8' })).toBeChecked();
  await expect(edit.getByRole('button', { name: 'Remove tag first' })).toBeVisible();
  await expect(edit.getByLabel('Notes')).toHaveValue('because');
  await edit.getByRole('button', { name: 'Unstar' }).click();
  await expect(starButton(page, index)).toHaveText('☆ Star');
  await expect(rowAt(page, index)).not.toHaveClass(/starred/);
  await expect.poll(async () => (await server.record(row.custom_id)).stars).toEqual([]);
});

test('Esc leaves the dialog without a star', async ({ page, server }) => {
  const { index } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('s');
  await page.keyboard.press('9');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(starButton(page, index)).toHaveText('☆ Star');
});

test('the dialog asks for a score before it saves', async ({ page, server }) => {
  const { index } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('s');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Choose a score');
});

test('another output can be chosen by key', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  for (const key of ['s', 'm', '6', 'Enter']) await page.keyboard.press(key);
  const second = await page.getByRole('columnheader').nth(3).innerText();
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars.map((s) => s.model))
    .toEqual([second]);
});

test('tags in use are suggested with their counts', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 3);
  const { records } = await server.records(`offset=${index + 1}&limit=2`);
  for (const record of records) await server.star(record, { tags: ['zebra-crossing'] });
  await open(page, server, index);
  for (const key of ['s', '9']) await page.keyboard.press(key);
  await page.keyboard.type('zeb');
  const option = page.getByRole('option', { name: /zebra-crossing/ });
  await expect(option).toContainText('2');
  await page.keyboard.press('ArrowDown');
  await expect(option).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars[0]?.tags)
    .toEqual(['zebra-crossing']);
});

// Counts what the hands do: each press of a key but Ctrl and the like; what is typed into a field is not counted.
async function countPresses(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counter = globalThis as { presses?: number };
    counter.presses = 0;
    addEventListener(
      'keydown',
      (event) => {
        const held = ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key);
        const typed =
          event.target instanceof HTMLElement &&
          event.target.matches('input:not([type=radio], [type=checkbox]), textarea') &&
          event.key.length === 1 &&
          !event.ctrlKey;
        if (!held && !typed) counter.presses!++;
      },
      { capture: true },
    );
  });
  return () => page.evaluate(() => (globalThis as { presses?: number }).presses!);
}

test('score, tags and a note are four presses and what is typed', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 2);
  await open(page, server, index);
  const presses = await countPresses(page);
  await page.keyboard.press('s');
  await page.keyboard.press('8');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('senior, tech');
  await page.keyboard.press('Tab');
  await page.keyboard.type('A note.');
  await page.keyboard.press('Control+Enter');
  expect(await presses()).toBe(4);
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars[0])
    .toMatchObject({ quality_score: 8, tags: ['senior', 'tech'], notes: 'A note.' });
});

test('a digit stars and goes on to the next unreviewed record: one press', async ({
  page,
  server,
}) => {
  const { index, row } = await freshRows(server, 3);
  const { records } = await server.records(`offset=${index}&limit=3`);
  await server.star(records[1]!, { quality_score: 5 });
  await open(page, server, index);
  await page.getByText('To unreviewed', { exact: true }).click();
  await page.keyboard.press('o');
  const pane = page.getByRole('region', { name: 'Record', exact: true });
  await expect(pane).toContainText(row.custom_id);
  const presses = await countPresses(page);
  await page.keyboard.press('9');
  await expect(rowAt(page, index + 2)).toHaveClass(/here/);
  // Both outputs are there to be read, without another key.
  await expect(pane).toContainText(records[2]!.custom_id);
  await expect(pane.locator('.markdown').nth(1)).toBeVisible();
  expect(await presses()).toBe(1);
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars[0]?.quality_score)
    .toBe(9);
});

test('a recent set of tags is added by one key', async ({ page, server }) => {
  const { index } = await freshRows(server, 2);
  const { records } = await server.records(`offset=${index}&limit=2`);
  await open(page, server, index);
  for (const key of ['s', '8']) await page.keyboard.press(key);
  await page.keyboard.type('senior, tech');
  await page.keyboard.press('Control+Enter');
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
  for (const key of ['s', '7', 'Alt+1']) await page.keyboard.press(key);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Remove tag tech' })).toBeVisible();
  await page.keyboard.type('third');
  await page.keyboard.press('Control+Enter');
  await expect
    .poll(async () => (await server.record(records[1]!.custom_id)).stars[0]?.tags)
    .toEqual(['senior', 'tech', 'third']);
});

test('a score is changed where the first digit led', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  for (const key of ['s', '8', '6', 'Enter']) await page.keyboard.press(key);
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars[0])
    .toMatchObject({ quality_score: 6, tags: [] });
});

test('n and Shift+N go to unreviewed records', async ({ page, server }) => {
  const { index } = await freshRows(server, 3);
  const { records } = await server.records(`offset=${index + 1}&limit=1`);
  await server.star(records[0]!, { quality_score: 5 });
  await open(page, server, index);
  await expect(rowAt(page, index + 1)).toHaveClass(/starred/);
  await page.keyboard.press('n');
  await expect(rowAt(page, index + 2)).toHaveClass(/here/);
  await page.keyboard.press('Shift+N');
  await expect(rowAt(page, index)).toHaveClass(/here/);
});

test('a star that cannot be saved is kept, said, and retried', async ({ page, server, refuse }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  const allow = await refuse(507, 'no space left');
  await page.keyboard.press('9');
  const alert = page.getByRole('alert').filter({ hasText: 'no space left' });
  await expect(alert).toBeVisible();
  await expect(alert).toContainText('1 star not saved');
  await expect(starButton(page, index)).toHaveAccessibleName(/not saved yet$/);
  await page.keyboard.press('Escape');
  await expect(alert).toBeVisible();
  const retry = alert.getByRole('button', { name: 'Retry all' });
  await expect(retry).toBeVisible();
  allow();
  // The page may try again by itself just now: then the button has gone already.
  await Promise.race([retry.click(), expect(retry).toBeHidden()]);
  await expect(alert).toBeHidden();
  await expect(starButton(page, index)).toHaveText('★ 9/10');
  await expect.poll(async () => (await server.record(row.custom_id)).stars.length).toBe(1);
});

test('the star of another says whose it is, and tags that do not fit are counted', async ({
  page,
  server,
}) => {
  const { index, row } = await freshRows(server);
  const tags = Array.from({ length: 12 }, (_, i) => `a-longer-tag-${i}`);
  await server.star(row, { quality_score: 3, starred_by: 'ben', tags });
  await open(page, server, index);
  const button = starButton(page, index);
  await expect(button).toHaveAttribute('title', '★ 3/10 by ben');
  await expect(button).toHaveAccessibleName(`${row.name}: ★ 3/10 by ben`);
  await expect(button).not.toHaveClass(/mine/);
  for (const density of ['Comfortable', 'Compact']) {
    await page.getByRole('button', { name: density }).click();
    const cell = rowAt(page, index).locator('.tags');
    const shown = await cell.locator('bdi').count();
    const rest = cell.getByText(`+${tags.length - shown}`, { exact: true });
    const [outer, inner] = [await cell.boundingBox(), await rest.boundingBox()];
    expect(inner!.x + inner!.width).toBeLessThanOrEqual(outer!.x + outer!.width);
    expect(inner!.y + inner!.height).toBeLessThanOrEqual(outer!.y + outer!.height);
  }
});

test('a digit stars only what is in sight, and every move brings its cell there', async ({
  page,
  server,
}) => {
  await page.setViewportSize({ width: 800, height: 700 });
  const { index } = await freshRows(server, 2);
  await open(page, server, index);
  await page.keyboard.press('End');
  await grid(page).evaluate((element) => (element.scrollLeft = element.scrollWidth));
  await page.keyboard.press('8');
  const first = await page.getByRole('columnheader').nth(2).innerText();
  await expect(page.getByText(`such as ${first}`).last()).toBeVisible();
  await expect(starButton(page, index)).toHaveText('☆ Star');

  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await grid(page).evaluate((element) => (element.scrollLeft = element.scrollWidth));
  await page.keyboard.press('j');
  await expect.poll(() => grid(page).evaluate((element) => element.scrollLeft)).toBe(0);
});
