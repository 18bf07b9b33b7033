// Two people at once: each sees who else is here and what they have before them, and is led past it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { binary, expect, freshRows, open, rowAt, type Server, starButton, test } from './server';

const callOneself = async (page: Page, name: string) => {
  const field = page.getByLabel('Reviewing as');
  await field.fill(name);
  await field.press('Enter');
};

/** A page of somebody else, in a browser of their own. */
async function joins(browser: Browser, server: Server, name: string, index: number) {
  const page = await (await browser.newContext()).newPage();
  await open(page, server, index);
  await callOneself(page, name);
  return page;
}

const people = (page: Page) => page.getByRole('contentinfo').getByRole('button', { name: /here:/ });

const isLoaded = async (page: Page, index: number) => {
  await page.keyboard.press('j');
  await expect(rowAt(page, index)).toHaveClass(/here/);
};

test('one sees where the other is, is led past it, and goes there', async ({
  page,
  browser,
  server,
}) => {
  const { index, row } = await freshRows(server, 4);
  await open(page, server, index);
  await callOneself(page, 'ann');
  const ben = await joins(browser, server, 'ben', index + 1);
  await expect(people(page)).toHaveAccessibleName('2 people here: ann, ben');
  // He stays where he is, and that is enough.
  const mark = rowAt(page, index + 1).getByText('ben is here');
  await expect(mark).toBeVisible();
  await expect(rowAt(ben, index + 1).getByText('is here')).toHaveCount(0);
  await page.keyboard.press('n');
  await expect(rowAt(page, index + 2)).toHaveClass(/here/);
  await expect(rowAt(ben, index + 2).getByText('ann is here')).toBeVisible();

  await people(page).click();
  const list = page.getByRole('group', { name: 'Who is here' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await list.getByRole('button', { name: /which ben reviews$/ }).click();
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
  await expect(list).toBeHidden();

  // His star ends it; nobody was kept from anything.
  await ben.keyboard.press('7');
  await expect(mark).toHaveCount(0);
  await expect(starButton(page, index + 1)).toHaveText('★ 7/10');
  await ben.close();
  await expect(people(page)).toHaveCount(0);
  expect(row.stars).toEqual([]);
});

test('says when others have all that is left', async ({ page, browser, server }) => {
  const { index, row } = await freshRows(server, 2);
  const query = `id:${row.custom_id}`;
  await open(page, server, index);
  await callOneself(page, 'ann');
  const ben = await joins(browser, server, 'ben', index);
  await expect(people(page)).toBeVisible();
  await isLoaded(page, index + 1);
  await expect(rowAt(page, index).getByText('ben is here')).toBeVisible();
  const search = page.getByRole('combobox', { name: 'Search' });
  await search.fill(query);
  await search.press('Enter');
  await expect(rowAt(page, 1)).toHaveCount(0);
  await page.keyboard.press('n');
  await expect(page.getByText('others have before them').first()).toBeVisible();
  await ben.close();
});

test('alone one claims nothing', async ({ page, server }) => {
  const { index } = await freshRows(server, 2);
  const claims: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/claim')) claims.push(request.url());
  });
  await open(page, server, index);
  await page.keyboard.press('n');
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
  await page.keyboard.press('8');
  const journal = join(server.folder, 'gold_star', 'starred.jsonl');
  const lines = () => (existsSync(journal) ? readFileSync(journal, 'utf8') : '');
  await expect.poll(lines).toContain('"quality_score":8');
  expect(claims).toEqual([]);
  expect(lines()).not.toContain('"event":"claim"');
  await expect(people(page)).toHaveCount(0);
});

test('what the owner shares out while the page is open is there without a reload', async ({
  page,
  server,
}) => {
  await open(page, server);
  await callOneself(page, 'ann');
  const mine = page.getByRole('complementary', { name: 'Filters' }).getByRole('region', {
    name: 'Mine',
  });
  await expect(mine).toHaveCount(0);
  const command = ['assign', 'add', 'first', '--rows', '1..60', '--reviewers', 'ann'];
  execFileSync(binary(), [...command, '--data', server.folder]);
  await expect(mine.getByRole('button', { name: 'Assigned to me, 60 records' })).toBeVisible();
});

test.describe('where work is shared out', () => {
  test.use({
    prepare: async ({ demo }, use) => {
      await use((folder) => {
        execFileSync('cp', ['-a', demo, folder]);
        const data = join(folder, 'demo');
        const tables = [
          '[[assignment]]',
          'name = "first"',
          'rows = "1..60"',
          'reviewers = ["ann", "ben"]',
        ];
        writeFileSync(join(data, 'goldstar.toml'), `${tables.join('\n')}\n`);
        return data;
      });
    },
  });

  test('one finds one’s own, goes through it, and sees how far everybody is', async ({
    page,
    server,
  }) => {
    const count = async (q: string) =>
      (await server.records(`limit=0&reviewer=ann&q=${encodeURIComponent(q)}`)).total;
    const todo = await count('todo:me');
    const assigned = await count('assigned:me');
    expect(todo).toBeGreaterThan(5);
    expect(assigned + (await count('assigned:ben'))).toBe(60);
    await open(page, server);
    await callOneself(page, 'ann');
    const filters = page.getByRole('complementary', { name: 'Filters' });
    const mine = filters.getByRole('region', { name: 'Mine' });
    await expect(
      mine.getByRole('button', { name: `Assigned to me, ${assigned} records` }),
    ).toBeVisible();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue('assigned:me');
    await mine.getByRole('button', { name: `To do, ${todo} records` }).click();
    await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', `${todo + 1}`);

    // What somebody else has starred is still mine to do.
    const row = (await server.records('limit=1&q=todo:ann')).records[0]!;
    await server.star(row, { quality_score: 3, starred_by: 'ben' });
    await expect(starButton(page, 0)).toHaveText('★ 3/10');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+End');
    await expect(rowAt(page, todo - 1)).toHaveClass(/here/);
    await page.keyboard.press('n');
    await expect(rowAt(page, 0)).toHaveClass(/here/);
    await page.keyboard.press('8');
    await expect(mine.getByRole('button', { name: `To do, ${todo - 1} records` })).toBeVisible();

    await page.keyboard.press('g');
    await page.keyboard.press('c');
    const chart = page.getByRole('article', { name: 'Assignments', exact: true });
    await expect(chart).toContainText('first: 1 of 60 records are starred by its reviewer.');
    await expect(chart).toContainText(`1 done · ${todo - 1} left`);
    await chart.getByRole('link', { name: `ann: ${todo - 1} records left.` }).click();
    await expect(page.getByRole('combobox', { name: 'Search' })).toHaveValue('todo:ann');
    await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', `${todo}`);
  });
});
