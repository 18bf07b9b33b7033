// Undo and redo, and the last decisions: what the journal says, whichever page and whichever day it was.
import { expect, freshRows, open, rowAt, starButton, test } from './server';

const undone = (page: import('@playwright/test').Page) =>
  page.getByRole('region', { name: 'My last decisions' }).locator('button.undone');

test('u and Shift+U walk back and forth, and each step is in the journal', async ({
  page,
  server,
}) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.getByText('Advance', { exact: true }).click();
  await page.keyboard.press('4');
  await page.keyboard.press('9');
  await expect(starButton(page, index)).toHaveText('★ 9/10');
  const scores = async () => (await server.record(row.custom_id)).stars.map((s) => s.quality_score);
  for (const [key, shown, kept] of [
    ['u', '★ 4/10', [4]],
    ['Control+z', '☆ Star', []],
    ['Shift+U', '★ 4/10', [4]],
    ['Control+Shift+Z', '★ 9/10', [9]],
    ['u', '★ 4/10', [4]],
  ] as const) {
    await page.keyboard.press(key);
    await expect(starButton(page, index)).toHaveText(shown);
    await expect.poll(scores).toEqual(kept);
  }
  await expect(undone(page)).toHaveCount(1);
  await page.keyboard.press('Backspace');
  await expect(starButton(page, index)).toHaveText('★ 4/10');
});

test('undo restores tags, notes and time, and survives a reload', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  const former = { quality_score: 6, tags: ['one', 'two'], notes: 'because' };
  await server.star(row, { ...former, starred_by: 'user' });
  const before = (await server.record(row.custom_id)).stars[0]!;
  await open(page, server, index);
  await page.getByText('Advance', { exact: true }).click();
  await page.keyboard.press('2');
  await expect.poll(async () => (await server.record(row.custom_id)).history.length).toBe(2);

  await page.reload();
  await expect(starButton(page, index)).toHaveText('★ 2/10');
  await expect(page.getByRole('region', { name: 'My last decisions' })).toContainText('★ 2');
  await page.keyboard.press('u');
  await expect(starButton(page, index)).toHaveText('★ 6/10');
  await expect(undone(page)).toHaveCount(1);
  const after = (await server.record(row.custom_id)).stars[0]!;
  expect(after).toMatchObject({ ...former, starred_at: before.starred_at });

  await page.reload();
  await expect(undone(page)).toHaveCount(1);
  await page.keyboard.press('Shift+U');
  await expect(starButton(page, index)).toHaveText('★ 2/10');
  await expect(undone(page)).toHaveCount(0);
});

test('says when there is nothing to take back or to do again', async ({ page, server }) => {
  const { index } = await freshRows(server);
  await page.goto(server.url);
  await open(page, server, index);
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('u');
    if (await page.getByText('Nothing to undo.').last().isVisible()) break;
  }
  await expect(page.getByText('Nothing to undo.').last()).toBeVisible();
});

test('a decision of the strip is edited by a click', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 2);
  await open(page, server, index);
  await page.keyboard.press('7');
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
  const strip = page.getByRole('region', { name: 'My last decisions' });
  await strip
    .getByRole('button', { name: /^★ 7 .*, edit$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: 'Edit star' });
  await expect(dialog.getByRole('radio', { name: 'Score 7' })).toBeChecked();
  await page.keyboard.press('3');
  await page.keyboard.press('Enter');
  await expect(starButton(page, index)).toHaveText('★ 3/10');
  await expect
    .poll(async () => (await server.record(row.custom_id)).stars[0]?.quality_score)
    .toBe(3);
  await strip.getByRole('button', { name: 'Hide my last decisions' }).click();
  await expect(strip.getByRole('listitem')).toHaveCount(0);
});

test('undo of what was judged again elsewhere shows both and changes nothing', async ({
  page,
  server,
  expected,
}) => {
  expected.push(/status of 409/);
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.getByText('Advance', { exact: true }).click();
  await page.keyboard.press('9');
  await expect.poll(async () => (await server.record(row.custom_id)).stars.length).toBe(1);
  // While the undo is on its way, I judge the output somewhere else.
  await page.route('**/api/undo', async (route) => {
    await server.star(row, { quality_score: 4, starred_by: 'user' });
    await route.continue();
  });
  await page.keyboard.press('u');
  const dialog = page.getByRole('dialog', { name: /Judged in two places/ });
  await expect(dialog.getByRole('article').nth(0)).toContainText('9/10');
  await expect(dialog.getByRole('article').nth(1)).toContainText('4/10');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeHidden();
  await expect(starButton(page, index)).toHaveText('★ 4/10');
  expect((await server.record(row.custom_id)).stars[0]?.quality_score).toBe(4);
});
