// Reviewing blind: names nowhere before all outputs are scored, stars of others unseen, records that come again.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Row, Status } from '../src/api/types';
import { expect, freshRows, grid, open, rowAt, type Server, starButton, test } from './server';

/** A server on the demo with these settings. */
const use = (settings: string) =>
  test.use({
    prepare: async ({ demo }, use) => {
      await use((folder) => {
        execFileSync('cp', ['-a', demo, folder]);
        appendFileSync(join(folder, 'demo', 'goldstar.toml'), `\n${settings}\n`);
        return join(folder, 'demo');
      });
    },
  });

const namesOf = async (server: Server) =>
  (await server.get<Status>('/api/status')).models.map(({ name }) => name);

/** A record without a star all of whose outputs can be scored. */
async function whole(server: Server, names: string[]): Promise<{ index: number; row: Row }> {
  const { records } = await server.records('limit=500');
  const isWhole = ({ outputs, stars }: Row) =>
    stars.length === 0 &&
    outputs.length === names.length &&
    outputs.every(({ state }) => state === 'ok');
  const index = records.findIndex(isWhole);
  return { index, row: records[index]! };
}

/** The texts of some rows as they stand, from column to column. */
const cells = (page: Page, first: number) =>
  page.evaluate((first) => {
    const rows = Array.from({ length: 5 }, (_, i) =>
      document.querySelectorAll(`[data-row="${first + i}"] .cell.model`),
    );
    return rows.map((row) => [...row].map((cell) => cell.textContent?.trim().slice(0, 60)));
  }, first);

async function review(page: Page, name: string) {
  await page.locator('.reviewer input').fill(name);
  await page.keyboard.press('Enter');
  await expect(page.locator('.reviewer input')).toHaveValue(name);
}

test('what is hidden while a page is open goes from it, and comes back', async ({
  page,
  server,
}) => {
  const names = await namesOf(server);
  const settings = join(server.folder, 'goldstar.toml');
  const before = existsSync(settings) ? readFileSync(settings, 'utf8') : '';
  await open(page, server, 3);
  await page.keyboard.press('o');
  await expect(page.getByRole('article', { name: names[0]! })).toBeVisible();
  const hide = (isHidden: boolean) =>
    writeFileSync(settings, `${before}\n[blind]\nmodels = ${isHidden}\nscores = ${isHidden}\n`);
  hide(true);
  await expect(page.getByRole('button', { name: 'Blind' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Output B' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Output B' })).toBeVisible();
  const shown = async () => {
    const html = await page.content();
    return names.filter((name) => html.includes(name));
  };
  await expect.poll(shown).toEqual([]);
  hide(false);
  await expect(page.getByRole('columnheader', { name: names[1]! })).toBeVisible();
  await expect(page.getByRole('article', { name: names[1]! })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Blind' })).toHaveCount(0);
  expect(await page.content()).not.toContain('Output B');
});

test.describe('models', () => {
  use('[blind]\nmodels = true');

  test('no name is on the page until all outputs of a record are scored', async ({
    page,
    server,
  }) => {
    const names = await namesOf(server);
    const { index, row } = await whole(server, names);
    const nowhere = async () => {
      const html = await page.content();
      for (const name of names) expect(html).not.toContain(name);
    };
    await open(page, server, index);
    await expect(page.getByRole('columnheader', { name: 'Output B' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Blind' })).toBeVisible();
    await nowhere();
    await page.keyboard.press('o');
    await expect(page.getByRole('article', { name: 'Output C' })).toBeVisible();
    await nowhere();
    await page.keyboard.press('s');
    await expect(page.getByRole('dialog').getByText('Output B', { exact: true })).toBeVisible();
    await nowhere();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('model:');
    await nowhere();
    await page.getByRole('search').getByRole('combobox').fill('');
    await page.keyboard.press('Enter');
    await expect(grid(page)).toBeFocused();
    for (const screen of ['c', 'r']) {
      await page.keyboard.press('g');
      await page.keyboard.press(screen);
      await expect(page.locator(screen === 'c' ? '#charts' : '#agreement')).toBeVisible();
      await nowhere();
    }
    // Anew, so that no answer on its way moves the cursor.
    await page.goto('about:blank');
    await open(page, server, index);
    for (const [i, score] of ['7', '8', '6'].entries()) {
      await page.keyboard.press(score);
      await expect(rowAt(page, index).getByText(`★ ${score}`, { exact: true })).toBeVisible();
      if (i < 2) await nowhere();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowRight');
    }
    const named = rowAt(page, index).locator('.mark.named');
    await expect(named).toHaveCount(names.length);
    const order = await named.allInnerTexts();
    expect([...order].sort()).toEqual([...names].sort());
    // Only this one.
    await expect(page.locator('.mark.named')).toHaveCount(names.length);

    // What the journal says is what was seen.
    type Told = { model: string; blind?: { seed: number; place: number; of: number } };
    const told = () =>
      server.get<Told[]>(`/api/gold-star?q=${encodeURIComponent(`id:${row.custom_id}`)}`);
    await expect.poll(async () => (await told()).length).toBe(3);
    const places = (await told()).map(({ model, blind }) => [blind?.place, blind?.of, model]);
    expect(places.sort()).toEqual(order.map((model, i) => [i + 1, 3, model]));

    // A score that is changed with the names in sight was not given blind.
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('2');
    await expect.poll(async () => (await told()).filter(({ blind }) => blind).length).toBe(2);
  });

  test('each reviewer has an order, and keeps it', async ({ page, server }) => {
    const { index } = await freshRows(server, 5);
    await open(page, server, index);
    const first = await cells(page, index);
    await page.reload();
    await expect(starButton(page, index)).toBeVisible();
    expect(await cells(page, index)).toEqual(first);
    await review(page, 'ben');
    await expect.poll(() => cells(page, index)).not.toEqual(first);
    const second = await cells(page, index);
    expect(second.map((row) => [...row].sort())).toEqual(first.map((row) => [...row].sort()));
    await review(page, 'user');
    await expect.poll(() => cells(page, index)).toEqual(first);
  });
});

test.describe('scores', () => {
  use('[blind]\nscores = true');

  test('what others say appears with my own score', async ({ page, server }) => {
    const { index, row } = await freshRows(server, 2);
    await server.star(row, { quality_score: 3, starred_by: 'ada', notes: 'canary' });
    await open(page, server, index);
    await page.keyboard.press('o');
    const history = page.getByRole('article', { name: 'History' });
    await expect(history).toContainText('No stars yet');
    expect(await page.content()).not.toContain('canary');
    await expect(rowAt(page, index).locator('.mark.gold')).toHaveCount(0);
    const model = row.outputs.find(({ state }) => state === 'ok')!.model;
    await page.keyboard.press('7');
    await page.keyboard.press('ArrowUp');
    await expect(rowAt(page, index).getByText('★ 3', { exact: true })).toBeVisible();
    await expect(history).toContainText('canary');
    expect(model).toBeTruthy();

    // What comes meanwhile on another record stays unseen, too.
    const { records } = await server.records(`limit=1&offset=${index + 1}`);
    await server.star(records[0]!, { quality_score: 2, starred_by: 'ada', notes: 'canary2' });
    await server.star(row, { quality_score: 4, starred_by: 'ben' });
    await expect(rowAt(page, index).getByText('★ 4', { exact: true })).toBeVisible();
    await expect(rowAt(page, index + 1).locator('.mark.gold')).toHaveCount(0);
    await page.getByRole('button', { name: 'Export' }).click();
    await expect(page.getByText('Scores are hidden here: an admin exports.')).toBeVisible();
  });
});

test.describe('again', () => {
  use('[review]\nreshow = 1\nreshow_days = 0');

  test('a record comes again without my star', async ({ page, server }) => {
    const { index, row } = await freshRows(server, 3);
    await server.star(row, {
      quality_score: 9,
      tags: ['kept'],
      notes: 'because',
      starred_by: 'user',
    });
    await open(page, server, index + 2);
    await expect(rowAt(page, index).getByText('★ 9', { exact: true })).toBeVisible();
    await page.keyboard.press('n');
    await expect(rowAt(page, index)).toHaveClass(/here/);
    await expect(rowAt(page, index)).toContainText('once more');
    await expect(rowAt(page, index)).not.toContainText('★ 9');
    await expect(rowAt(page, index)).not.toContainText('kept');
    await page.keyboard.press('o');
    await expect(page.getByRole('article', { name: 'History' })).toContainText('hidden until then');
    expect(await page.getByRole('article', { name: 'History' }).innerText()).not.toContain(
      'because',
    );
    await page.keyboard.press('4');
    await expect(rowAt(page, index).getByText('★ 4', { exact: true })).toBeVisible();
    await expect(rowAt(page, index)).toContainText('kept');
    type Told = { quality_score: number; notes: string; reshown?: boolean };
    const told = async () => (await server.get<Told[]>('/api/gold-star?starred_by=user'))[0];
    await expect.poll(async () => (await told())?.quality_score).toBe(4);
    expect(await told()).toMatchObject({ notes: 'because', reshown: true });
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    const own = page.getByRole('article', { name: 'Your own scores again' });
    await expect(own.getByRole('row').nth(1)).toContainText('−5.00');
  });
});
