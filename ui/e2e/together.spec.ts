// Two people at once: each sees who else is here and what they have before them, and is led past it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { expect, freshRows, open, rowAt, type Server, starButton, test } from './server';

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
  expect(lines()).not.toContain('claim');
  await expect(people(page)).toHaveCount(0);
});
