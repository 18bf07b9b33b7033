// Everything there is, by keyboard alone.
import type { Locator, Page } from '@playwright/test';
import { judge } from './screens';
import { expect, freshRows, grid, open, rowAt, starButton, test } from './server';

test.beforeEach(async ({ page, server }) => {
  // What the console says as an error fails a test.
  await page.addInitScript(() => {
    addEventListener('pointerdown', () => console.error('the pointer was used'), true);
  });
  await judge(server);
});

const dialog = (page: Page) => page.getByRole('dialog');
const query = (page: Page) => page.getByRole('search').getByRole('combobox');
const heads = (page: Page) => page.getByRole('columnheader').allInnerTexts();

async function press(page: Page, ...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Tab, as often as it takes to come to something. */
async function tabTo(page: Page, wanted: Locator) {
  await expect(wanted.first()).toBeAttached();
  for (let i = 0; i < 60; i++) {
    if (await wanted.first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${String(wanted)}`);
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

test('moving', async ({ page, server }) => {
  const { index } = await freshRows(server, 3);
  await open(page, server, index);
  const here = page.locator('[role=row].here');
  await press(page, 'j', 'k', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp');
  await press(page, 'ArrowRight', 'ArrowLeft');
  await expect(here).toHaveAttribute('data-row', String(index));
  await press(page, 'Control+End');
  await expect(here).toHaveAttribute('data-row', '499');
  await press(page, 'Control+Home');
  await expect(here).toHaveAttribute('data-row', '0');
  await press(page, 'End', 'Home', 'ArrowRight', 'ArrowRight');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'cell-0-2');
});

test('starring, editing, taking back and doing again', async ({ page, server }) => {
  const { index } = await freshRows(server, 3);
  await open(page, server, index);
  await press(page, 's');
  await expect(dialog(page)).toBeVisible();
  await press(page, '8', 't');
  await page.keyboard.type('by-key,');
  await press(page, 'Tab', 'Tab');
  await press(page, 'Control+Enter');
  await expect(starButton(page, index)).toHaveText('★ 8/10');
  await press(page, 'u');
  await expect(starButton(page, index)).toHaveText('☆ Star');
  await press(page, 'Shift+U');
  await expect(starButton(page, index)).toHaveText('★ 8/10');
  await expect(rowAt(page, index)).toContainText('by-key');
  await press(page, '7');
  await expect(starButton(page, index)).toHaveText('★ 7/10');
  await press(page, 'k', 's');
  await tabTo(page, button(page, 'Unstar'));
  await press(page, 'Enter');
  await expect(starButton(page, index)).toHaveText('☆ Star');
  await tabTo(page, button(page, /^★ 7 .*, edit$/));
  await press(page, 'Enter');
  await expect(dialog(page)).toBeVisible();
});

test('reading, comparing and finding', async ({ page, server }) => {
  const { index } = await freshRows(server, 3);
  await open(page, server, index);
  const pane = page.getByRole('region', { name: 'Record', exact: true });
  await press(page, 'Enter');
  await expect(pane.locator('.markdown').first()).toBeVisible();
  await tabTo(page, button(page, 'Raw'));
  await press(page, 'Enter');
  await expect(button(page, 'Raw')).toHaveAttribute('aria-pressed', 'true');
  await press(page, 'Shift+Tab', 'Shift+Tab', 'Enter');
  await expect(button(page, 'Read')).toHaveAttribute('aria-pressed', 'true');

  await press(page, 'd');
  const differences = page.getByRole('article', { name: 'Differences' });
  await expect(differences.locator('ins').first()).toBeAttached();
  const from = differences.getByRole('combobox', { name: 'From' });
  const [first, to] = [
    await from.inputValue(),
    await differences.getByRole('combobox', { name: 'To' }).inputValue(),
  ];
  await tabTo(page, button(page, 'Swap the two'));
  await press(page, 'Enter');
  await expect(from).toHaveValue(to);
  await press(page, 'd');
  await expect(differences).toBeHidden();
  expect(first).not.toBe(to);

  await press(page, 'Control+Shift+F');
  const found = page.getByRole('search', { name: 'Find in this record' });
  await page.keyboard.type('the');
  await expect(found).toContainText(/1 of \d/);
  await press(page, 'Enter');
  await expect(found).toContainText(/2 of \d/);
  await press(page, 'Escape');
  await expect(found).toBeHidden();
  await expect(grid(page)).toBeFocused();
  await press(page, 'Escape');
  await expect(pane).toBeHidden();
});

test('choosing rows, acting on all of them, and taking it back', async ({ page, server }) => {
  const { index } = await freshRows(server, 3);
  await open(page, server, index);
  await press(page, 'x', 'Shift+ArrowDown');
  await expect(page.getByText('2 selected')).toBeVisible();
  await press(page, '8');
  await expect(dialog(page)).toContainText('2 outputs of 2 records will be starred.');
  await tabTo(page, dialog(page).getByRole('combobox', { name: 'Tags' }));
  await page.keyboard.type('at-once,');
  await tabTo(page, button(page, /^★ Star 2 outputs/));
  await press(page, 'Enter');
  await expect(dialog(page)).toBeHidden();
  for (const i of [0, 1]) await expect(starButton(page, index + i)).toHaveText('★ 8/10');
  await expect(rowAt(page, index)).toContainText('at-once');
  await expect(page.getByRole('region', { name: 'My last decisions' })).toContainText('2 outputs');
  await press(page, 'u');
  for (const i of [0, 1]) await expect(starButton(page, index + i)).toHaveText('☆ Star');
  await press(page, 'Shift+U');
  for (const i of [0, 1]) await expect(starButton(page, index + i)).toHaveText('★ 8/10');

  await press(page, 'Control+a');
  await expect(page.getByText('500 selected')).toBeVisible();
  await tabTo(page, button(page, /^Unstar/));
  await press(page, 'Enter');
  await expect(dialog(page)).toContainText('will be taken back');
  await press(page, 'Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByText('500 selected')).toBeVisible();
});

test('columns: their order, their width, and which there are', async ({ page, server }) => {
  await open(page, server);
  const [, , a, b] = (await heads(page)) as [string, string, string, string];
  const menu = page.getByRole('dialog', { name: `Column ${a}` });
  const width = async () =>
    (await page.getByRole('columnheader', { name: a, exact: true }).boundingBox())!.width;
  await press(page, 'c');
  await tabTo(page, menu.getByRole('button', { name: 'Wider' }));
  const before = await width();
  await press(page, 'Enter');
  await expect.poll(width).toBe(before + 40);
  await tabTo(page, menu.getByRole('button', { name: 'Move right' }));
  await press(page, 'Enter');
  await expect.poll(async () => (await heads(page)).slice(2, 4)).toEqual([b, a]);
  await press(page, 'Escape');
  await expect(grid(page)).toBeFocused();

  await tabTo(page, button(page, 'Columns'));
  await press(page, 'Enter');
  await tabTo(page, page.getByRole('checkbox', { name: `Show ${b}` }));
  await press(page, ' ');
  await expect.poll(async () => (await heads(page))[2]).toBe(a);
  await press(page, 'Escape');
  await expect(dialog(page)).toBeHidden();
});

test('searching, filtering, sorting', async ({ page, server }) => {
  await open(page, server);
  await press(page, '/');
  await page.keyboard.type('by:ada');
  await press(page, 'Enter');
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '21');
  await press(page, 'g', 'a');
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '501');
  await press(page, 'g', 'u');
  await expect(query(page)).toHaveValue('is:unreviewed');
  await press(page, 'g', 'a', 'f', 'ArrowDown', 'Enter');
  await expect(query(page)).toHaveValue('is:starred');
  await press(page, 'Escape', 'Control+k');
  await page.keyboard.type('sort by mean score greatest');
  await press(page, 'Enter');
  await expect(page).toHaveURL(/sort=-score/);
});

test('exporting', async ({ page, server }) => {
  await open(page, server);
  await press(page, 'g', 'e');
  await expect(page.getByRole('link', { name: /ICL examples/ })).toBeFocused();
  await press(page, 'Escape');
  await expect(grid(page)).toBeFocused();
});

test('charts, and where their marks lead', async ({ page, server }) => {
  await open(page, server);
  await press(page, 'g', 'c');
  await expect(page.locator('#charts')).toBeFocused();
  await tabTo(page, button(page, 'Tag'));
  await press(page, 'Enter');
  await tabTo(page, page.getByRole('link', { name: /^clear: .* of score/ }));
  await press(page, 'Enter');
  await expect(query(page)).toHaveValue(/^tag:clear score:/);
  await press(page, 'g', 'a', 'g', 'c');
  const progress = page.getByRole('article', { name: 'Progress' });
  await tabTo(page, progress.getByRole('button', { name: 'Table' }));
  await press(page, 'Enter');
  await tabTo(page, progress.getByRole('link', { name: '20', exact: true }));
  await press(page, 'Enter');
  await expect(query(page)).toHaveValue('is:starred');
  await press(page, 'g', 'c');
  await tabTo(page, button(page, 'Back to the table'));
  await press(page, 'Enter');
  await expect(grid(page)).toBeFocused();
});

test('settings and keys', async ({ page, server }) => {
  await open(page, server);
  await press(page, 'Control+,');
  await expect(dialog(page)).toBeVisible();
  await press(page, 'Tab', 'ArrowRight', 'ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await tabTo(page, button(page, 'Change keys…'));
  await press(page, 'Enter');
  await tabTo(page, button(page, 'Change keys'));
  await press(page, 'Enter');
  await tabTo(page, button(page, 'Add a key for “star with tags and notes”'));
  await press(page, 'Enter', 'z');
  await expect(dialog(page)).toContainText('Z');
  await press(page, 'Escape');
  await expect(grid(page)).toBeFocused();
});
