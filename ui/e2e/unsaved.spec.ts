// Stars that the server could not take, and those that it would not.
import { expect, freshRows, grid, open, rowAt, starButton, test } from './server';

test('ten stars given to a dead server outlive a reload and are sent when it is back', async ({
  page,
  server,
  expected,
}) => {
  test.setTimeout(60_000);
  expected.push(/ERR_(CONNECTION|INCOMPLETE_CHUNKED|EMPTY_RESPONSE|SOCKET)/);
  const port = Number(new URL(server.url).port);
  const { index } = await freshRows(server);
  const { records } = await server.records(`offset=${index}&limit=10`);
  const before = (await server.records('q=score:8&limit=1')).total;
  await open(page, server, index);
  // Each record's first good output, so that no digit has to look for it first.
  await page.keyboard.press('Home');
  await server.stop();
  for (let i = 0; i < 10; i++) await page.keyboard.press('8');
  const banner = page.getByRole('alert').filter({ hasText: '10 stars not saved' });
  await expect(banner).toBeVisible();
  for (let i = 0; i < 5; i++) await page.keyboard.press('Escape');
  await expect(banner).toBeVisible();
  await expect(starButton(page, index)).toHaveText(/★ 8\/10\s*!/);

  await server.start(port);
  await page.reload();
  await expect(banner).toBeHidden({ timeout: 20_000 });
  await expect(starButton(page, index)).toHaveText('★ 8/10');
  for (const { custom_id } of records) {
    const mine = async () => {
      const { stars, history } = await server.record(custom_id);
      return [stars, history].map((all) => all.filter((s) => s.starred_by === 'user').length);
    };
    await expect.poll(mine).toEqual([1, 1]);
  }
  expect((await server.records('q=score:8&limit=1')).total).toBeGreaterThanOrEqual(before + 10);
});

test('they are sent by themselves, without a reload', async ({ page, server, expected }) => {
  test.setTimeout(60_000);
  expected.push(/ERR_(CONNECTION|INCOMPLETE_CHUNKED|EMPTY_RESPONSE|SOCKET)/);
  const port = Number(new URL(server.url).port);
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await server.stop();
  await page.keyboard.press('9');
  const banner = page.getByRole('alert').filter({ hasText: '1 star not saved' });
  await expect(banner).toBeVisible();
  await server.start(port);
  await expect(banner).toBeHidden({ timeout: 30_000 });
  await expect.poll(async () => (await server.record(row.custom_id)).stars.length).toBe(1);
});

test('a refused star comes back into the dialog as it was typed', async ({
  page,
  server,
  refuse,
}) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  const allow = await refuse(400, 'notes are odd');
  for (const key of ['s', '8']) await page.keyboard.press(key);
  await page.keyboard.insertText('one, two');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Notes').fill('because');
  await page.keyboard.press('Control+Enter');
  await expect(dialog.getByRole('alert')).toContainText('notes are odd');
  await expect(dialog.getByRole('radio', { name: 'Score 8' })).toBeChecked();
  await expect(dialog.getByRole('button', { name: 'Remove tag two' })).toBeVisible();
  await expect(dialog.getByLabel('Notes')).toHaveValue('because');
  await expect(starButton(page, index)).toHaveText('☆ Star');

  allow();
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars[0])
    .toMatchObject({ quality_score: 8, tags: ['one', 'two'], notes: 'because' });
});

test('Esc asks once before it throws away what was typed', async ({ page, server }) => {
  const { index } = await freshRows(server);
  await open(page, server, index);
  for (const key of ['s', 'e']) await page.keyboard.press(key);
  await page.keyboard.type('because');
  const dialog = page.getByRole('dialog');
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('alert')).toContainText('Discard what you typed?');
  await expect(dialog.getByLabel('Notes')).toHaveValue('because');
  await page.keyboard.type('!');
  await expect(dialog.getByRole('alert')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(grid(page)).toBeFocused();
});

test('an order the server does not know is dropped, and the rows come', async ({
  page,
  server,
  expected,
}) => {
  expected.push(/status of 400/);
  await page.goto(`${server.url}/#sort=bogus&row=3`);
  await expect(rowAt(page, 2)).toHaveClass(/here/);
  await expect(starButton(page, 2)).toBeVisible();
  await expect(page.getByText('cannot be sorted by “bogus”').last()).toBeVisible();
  await expect(page).toHaveURL(/#row=3$/);
});

test('the row under the cursor stays in sight when the inspector opens', async ({
  page,
  server,
}) => {
  await open(page, server);
  const last = await page.evaluate(() => {
    const view = document.querySelector('[role=grid]')!.clientHeight - 36;
    return Math.floor(view / 84) - 1;
  });
  for (let i = 0; i < last; i++) await page.keyboard.press('j');
  await page.keyboard.press('o');
  await expect(page.getByRole('region', { name: 'Record', exact: true })).toBeVisible();
  const seen = () =>
    page.evaluate((row) => {
      const box = document.querySelector(`[data-row="${row}"]`)!.getBoundingClientRect();
      const table = document.querySelector('[role=grid]')!.getBoundingClientRect();
      return box.top >= table.top + 35 && box.bottom <= table.bottom + 1;
    }, last);
  await expect.poll(seen).toBe(true);
});
