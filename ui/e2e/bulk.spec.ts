// Acts on many records: the count is stated first, all or nothing is done, and one press takes it back.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, freshRows, open, starButton, test, type Server } from './server';

const dialog = (page: Page, name = 'Star many outputs') => page.getByRole('dialog', { name });
const stars = async (server: Server, q: string) =>
  (await server.records(`q=${encodeURIComponent(q)}&limit=1`)).total;

test('stars what is selected, and undo restores what was there', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 3);
  await server.star(row, { quality_score: 3, tags: ['before'], notes: 'as it was' });
  // A star that is put back is a line of its own in the journal; all else is as it was.
  const judged = async () =>
    (await server.record(row.custom_id)).stars.map((star) => ({ ...star, id: undefined }));
  const before = await judged();
  await open(page, server, index);
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('8');
  await expect(dialog(page)).toContainText('3 outputs of 3 records will be starred.');
  await expect(dialog(page)).toContainText('1 star of yours among them will be replaced.');
  await expect(dialog(page).getByRole('radio', { name: 'Score 8' })).toBeChecked();
  await expect(dialog(page).getByRole('listitem')).toHaveCount(3);
  await page.keyboard.press('Control+Enter');
  await expect(dialog(page)).toBeHidden();
  for (let i = 0; i < 3; i++) await expect(starButton(page, index + i)).toHaveText('★ 8/10');
  await expect(page.getByText(/\d selected/)).toBeHidden();

  await page
    .getByRole('group', { name: '★ 8/10 for 3 outputs' })
    .getByRole('button', { name: /^Undo/ })
    .click();
  await expect(starButton(page, index)).toHaveText('★ 3/10');
  await expect(starButton(page, index + 1)).toHaveText('☆ Star');
  expect(await judged()).toEqual(before);
});

test('stars, tags, untags and takes back all that match', async ({ page, server }) => {
  const all = await stars(server, 'is:unreviewed');
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('is:unreviewed');
  await page.keyboard.press('Enter');
  await expect(page.getByText(`${all} of 500 records`)).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('s');
  const go = page.getByRole('button', { name: /^★ Star \d+ outputs$/ });
  await expect(go).toBeEnabled();
  const n = Number(/\d+/.exec(await go.innerText())![0]);
  expect(n).toBeGreaterThan(0);
  expect(n).toBeLessThanOrEqual(all);
  await expect(dialog(page)).toContainText(`${n} outputs of ${all} records`);
  await page.keyboard.press('7');
  await go.click();
  await expect(dialog(page)).toBeHidden();
  await expect.poll(() => stars(server, 'by:user score:7')).toBe(n);

  const act = async (name: string, title: string, tag?: string) => {
    await page.getByRole('combobox', { name: 'Search' }).fill('by:user score:7');
    await page.keyboard.press('Enter');
    await expect(page.getByText(`${n} of 500 records`)).toBeVisible();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    if (tag) await dialog(page, title).getByRole('combobox', { name: 'Tags' }).fill(tag);
    if (tag) await page.keyboard.press('Enter');
    await expect(
      dialog(page, title).getByRole('button', { name: new RegExp(` ${n} stars`) }),
    ).toBeEnabled();
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page, title)).toBeHidden();
  };
  await act('Tag', 'Tag many stars', 'in-bulk');
  await expect.poll(() => stars(server, 'tag:in-bulk')).toBe(n);
  await act('Untag', 'Take tags off many stars', 'in-bulk');
  await expect.poll(() => stars(server, 'tag:in-bulk')).toBe(0);
  await act('Unstar', 'Take many stars back');
  await expect.poll(() => stars(server, 'is:unreviewed')).toBe(all);
});

test('asks again when it would be another number by now', async ({ page, server, expected }) => {
  expected.push(/status of 409/);
  const { index } = await freshRows(server, 3);
  const { records } = await server.records(`offset=${index}&limit=1`);
  await open(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('tag:moving');
  await server.star(records[0]!, { tags: ['moving'], starred_by: 'ben' });
  await expect(page.getByText('1 of 500 records')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('9');
  await expect(dialog(page)).toContainText('1 output of 1 record will');
  const { records: more } = await server.records(`offset=${index + 1}&limit=1`);
  await server.star(more[0]!, { tags: ['moving'], starred_by: 'ben' });
  await page.keyboard.press('Control+Enter');
  await expect(dialog(page).getByRole('alert')).toContainText('Nothing was written');
  await expect(dialog(page)).toContainText('2 outputs of 2 records will');
  expect(await stars(server, 'by:user score:9 tag:moving')).toBe(0);
  await page.keyboard.press('Control+Enter');
  await expect(dialog(page)).toBeHidden();
  await expect.poll(() => stars(server, 'tag:moving by:user')).toBe(0);
  await expect.poll(() => stars(server, 'tag:moving by:ben')).toBe(2);
});

test('Esc leaves the dialog, and nothing is done', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('x');
  await page.keyboard.press('9');
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByText('1 selected')).toBeVisible();
  expect((await server.record(row.custom_id)).stars).toEqual([]);
});

/** So many that one sees an act under way, and can still stop it. */
const MANY = 30_000;

function writeMany(folder: string): string {
  const data = join(folder, 'many');
  mkdirSync(join(data, 'batches', 'output'), { recursive: true });
  const lines = Array.from({ length: MANY }, (_, i) => {
    const choices = [{ index: 0, finish_reason: 'stop', message: { content: `Answer ${i}.` } }];
    const response = { status_code: 200, body: { model: 'm', choices } };
    return JSON.stringify({ custom_id: `q-${i}`, response });
  });
  writeFileSync(join(data, 'batches', 'output', 'batch_001.jsonl'), `${lines.join('\n')}\n`);
  return data;
}

test.describe('many thousands', () => {
  test.use({ prepare: async ({}, use) => use(writeMany) });

  test('say how far they are, are cancelled in the middle without a trace, and taken back by u', async ({
    page,
    server,
    expected,
  }) => {
    test.setTimeout(180_000);
    expected.push(/status of 409/);
    await open(page, server);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('7');
    const will = '30,000 outputs of 30,000 records will be starred.';
    await expect(dialog(page)).toContainText(will);
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toContainText(/(Reading|Writing)… [1-9][\d,]* of 30,000/);
    // The server rests while the hand goes to the button.
    server.signal('SIGSTOP');
    await dialog(page).getByRole('button', { name: 'Cancel the act' }).click();
    await expect(dialog(page)).toContainText('Cancelling…');
    server.signal('SIGCONT');
    await expect(dialog(page).getByRole('alert')).toContainText('it was cancelled');
    await expect(dialog(page)).toContainText(will);
    expect(await stars(server, 'is:starred')).toBe(0);

    await expect(dialog(page).getByRole('button', { name: /^★ Star 30,000/ })).toBeEnabled();
    await page.keyboard.press('Control+Enter');
    await expect(dialog(page)).toBeHidden({ timeout: 60_000 });
    expect(await stars(server, 'by:user score:7')).toBe(MANY);
    await expect(starButton(page, 0)).toHaveText('★ 7/10');
    await page.keyboard.press('u');
    await expect(starButton(page, 0)).toHaveText('☆ Star', { timeout: 60_000 });
    expect(await stars(server, 'is:starred')).toBe(0);
  });
});
