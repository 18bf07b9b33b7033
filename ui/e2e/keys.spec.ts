// Keys: pairs, keys that are changed or switched off, and the palette that finds everything by a few letters.
import type { Page } from '@playwright/test';
import { expect, freshRows, grid, open, rowAt, starButton, test } from './server';

const dialog = (page: Page) => page.getByRole('dialog');
const option = (page: Page, name: RegExp | string) => page.getByRole('option', { name });
const field = (page: Page) => page.getByRole('combobox', { name: 'Commands' });

async function palette(page: Page, typed: string) {
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(typed);
}

async function changeKeys(page: Page) {
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'Change keys' }).click();
}

test('g and a second key go somewhere, and what may follow is shown', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('g');
  await expect(page.getByText('G, then:')).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.getByRole('heading', { name: 'No record matches' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(rowAt(page, 0)).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await expect(page.getByRole('link', { name: 'All starred' })).toBeVisible();
});

test('a key that was changed acts at once, is in the list, and stays after a reload', async ({
  page,
  server,
}) => {
  const { index } = await freshRows(server);
  await open(page, server, index);
  await changeKeys(page);
  await page.getByRole('button', { name: 'Add a key for “star with tags and notes”' }).click();
  await page.keyboard.press('n');
  await expect(dialog(page)).toContainText('N already does “next unreviewed record”.');
  await page.keyboard.press('Enter');
  await page.keyboard.press('q');
  await expect(page.getByRole('status').filter({ hasText: 'Q now does' })).toBeAttached();
  await page.getByRole('button', { name: 'Take S away from “star with tags and notes”' }).click();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await expect(
    page.getByText('star with tags and notes', { exact: true }).locator('..'),
  ).toContainText('Q');
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(starButton(page, index)).toBeVisible();
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press('s');
  await expect(dialog(page)).toBeHidden();
  await page.keyboard.press('q');
  await expect(page.getByRole('dialog', { name: 'Star output' })).toBeVisible();
  await page.keyboard.press('Escape');
  await changeKeys(page);
  await page.getByRole('button', { name: 'Reset all keys' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await expect(page.getByRole('dialog', { name: 'Star output' })).toBeVisible();
});

test('digits can be switched off by themselves, single letters all at once', async ({
  page,
  server,
}) => {
  const { index } = await freshRows(server);
  await open(page, server, index);
  await changeKeys(page);
  await page.getByRole('checkbox', { name: 'Score by digits' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('7');
  await page.keyboard.press('j');
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
  await expect(starButton(page, index)).toHaveText('☆ Star');
  await page.keyboard.press('Control+,');
  await page.getByRole('checkbox', { name: 'Single-letter and digit keys' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('g');
  await expect(page.getByText('G, then:')).toBeHidden();
  await page.keyboard.press('ArrowUp');
  await expect(rowAt(page, index)).toHaveClass(/here/);
  // Nor do they act in the dialog, where a tag may begin with a digit then.
  await starButton(page, index).click();
  await expect(dialog(page).getByRole('radio', { name: 'Score 1', exact: true })).toBeFocused();
  await page.keyboard.press('8');
  await expect(dialog(page).getByRole('radio', { name: 'Score 8' })).not.toBeChecked();
  await dialog(page).getByRole('combobox').pressSequentially('2nd,');
  await expect(dialog(page).getByRole('button', { name: 'Remove tag 2nd' })).toBeVisible();
});

test('the palette does what it finds, with the keys beside it', async ({ page, server }) => {
  await open(page, server);
  await palette(page, 'unrev');
  await expect(option(page, /^Next unreviewed record/i)).toContainText('N');
  await expect(option(page, /^Unreviewed records/i)).toHaveAttribute('aria-selected', 'true');
  await expect(
    option(page, /^Next unreviewed record/i)
      .locator('b')
      .first(),
  ).toHaveText('unrev');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('search').getByRole('combobox')).toHaveValue('is:unreviewed');
  await expect(grid(page)).toBeFocused();
  await palette(page, 'theme dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await palette(page, 'sort by name smallest');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sort=name/);
});

test('the palette arranges columns', async ({ page, server }) => {
  const { models } = await server.get<{ models: { name: string }[] }>('/api/status');
  const head = page.getByRole('columnheader', { name: models[0]!.name, exact: true });
  await open(page, server);
  await palette(page, `hide column ${models[0]!.name}`);
  await page.keyboard.press('Enter');
  await expect(head).toBeHidden();
  await expect(grid(page)).toBeFocused();
  await palette(page, `show the column ${models[0]!.name}`);
  await page.keyboard.press('Enter');
  await expect(head).toBeVisible();
  await palette(page, `menu of the column ${models[0]!.name}`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: `Column ${models[0]!.name}` })).toBeVisible();
});

test('the palette goes to a record by its id or a part of its name', async ({ page, server }) => {
  const { records } = await server.records('limit=60');
  const { custom_id, name } = records[50]!;
  await open(page, server);
  await palette(page, custom_id);
  await option(page, name).click();
  await expect(page.locator('.here')).toContainText(custom_id);
  await page.keyboard.press('Escape');
  await palette(page, name);
  await expect(option(page, name)).toBeVisible();
  await page.keyboard.press('Escape');
  await palette(page, 'qqqqqqq');
  await expect(dialog(page)).toContainText('Nothing is called so');
});

test('the palette opens from the search box, and Ctrl+K closes it', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(dialog(page)).toBeHidden();
  await expect(grid(page)).toBeFocused();
});

test('what is typed at once after a key goes where the key leads, and stars nothing', async ({
  page,
  server,
}) => {
  const { index } = await freshRows(server);
  // The code of a dialog that is fetched when it is wanted comes late.
  await page.route(/assets\/Settings-.*\.js/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await route.continue();
  });
  await open(page, server, index);
  await page.evaluate(() => {
    const press = (init: KeyboardEventInit) =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }),
      );
    press({ key: ',', ctrlKey: true });
    press({ key: '9', code: 'Digit9' });
    press({ key: 's', code: 'KeyS' });
  });
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(starButton(page, index)).toHaveText('☆ Star');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('star with tags');
  await expect(field(page)).toHaveValue('star with tags');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Star output' })).toBeVisible();
});

test('settings say how to go on after a digit', async ({ page, server }) => {
  const { index } = await freshRows(server, 3);
  const { records } = await server.records('limit=500');
  await server.star(records[index + 1]!, {});
  await open(page, server, index);
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog').getByText('Next unreviewed').click();
  await page.keyboard.press('Escape');
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press('9');
  await expect(starButton(page, index)).toHaveText('★ 9/10');
  await expect(rowAt(page, index + 2)).toHaveClass(/here/);
});
