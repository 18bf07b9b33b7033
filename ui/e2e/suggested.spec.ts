// What agents suggest: shown as such, counted for nothing, made one's own by Enter or a button, taken back by U.
import type { Page } from '@playwright/test';
import type { Row } from '../src/api/types';
import { expect, freshRows, grid, open, rowAt, type Server, starButton, test } from './server';

async function suggest(server: Server, row: Row, score = 8): Promise<void> {
  const star = { quality_score: score, tags: ['clear'], notes: 'Names the gap.' };
  await server.star(row, { ...star, starred_by: 'judge-bot', kind: 'agent' });
}

const mine = async (server: Server, row: Row) =>
  (await server.record(row.custom_id)).stars.filter(({ kind }) => kind === 'human');

/** The suggestion in a cell of the table. */
const shown = (page: Page, index: number) => rowAt(page, index).locator('.mark.suggested');

test('a suggestion is shown but the record stays unreviewed', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await suggest(server, row);
  await open(page, server, index);
  await expect(shown(page, index)).toHaveText(/☆ 8/);
  await expect(shown(page, index)).toHaveAttribute('title', 'Suggested by judge-bot: 8/10');
  await expect(starButton(page, index)).toHaveText('☆ 8/10');
  await expect(rowAt(page, index)).not.toHaveClass(/starred/);
  const { total } = await server.records('q=is:suggested is:unreviewed');
  expect(total).toBe(1);
});

test('Enter on the cell makes it mine, with where it came from; U takes it back', async ({
  page,
  server,
}) => {
  const { index, row } = await freshRows(server);
  await suggest(server, row);
  await open(page, server, index);
  await page.keyboard.press('Enter');
  await expect(starButton(page, index)).toHaveText('★ 8/10');
  await expect(rowAt(page, index)).toHaveClass(/starred/);
  await expect.poll(() => mine(server, row)).toHaveLength(1);
  const { stars } = await server.record(row.custom_id);
  const theirs = stars.find(({ kind }) => kind === 'agent');
  expect((await mine(server, row))[0]).toMatchObject({
    quality_score: 8,
    tags: ['clear'],
    notes: 'Names the gap.',
    accepted: theirs?.id,
  });

  await page.reload();
  await expect(starButton(page, index)).toHaveText('★ 8/10');
  await grid(page).focus();
  await page.keyboard.press('u');
  await expect(starButton(page, index)).toHaveText('☆ 8/10');
  await expect.poll(() => mine(server, row)).toEqual([]);
});

test('a person who judges otherwise leaves the suggestion as it is', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await suggest(server, row);
  await open(page, server, index);
  await page.keyboard.press('3');
  await expect(starButton(page, index)).toHaveText('★ 3/10');
  await expect.poll(async () => (await mine(server, row))[0]?.quality_score).toBe(3);
  expect((await mine(server, row))[0]).not.toHaveProperty('accepted');
  await expect(shown(page, index)).toHaveText(/☆ 8/);
  const { records } = await server.records('q=is:starred');
  expect(records.find(({ custom_id }) => custom_id === row.custom_id)?.score).toBe(3);
});

test('the inspector and the star dialog have a button for it', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 2);
  const next = (await server.records('limit=500')).records[index + 1]!;
  await suggest(server, row);
  await suggest(server, next, 6);
  await open(page, server, index);
  await page.keyboard.press('o');
  const inspector = page.getByRole('region', { name: 'Record', exact: true });
  await expect(inspector.getByText('suggested by judge-bot')).toBeVisible();
  await inspector.getByRole('button', { name: /^Accept 8\/10 for/ }).click();
  await expect(starButton(page, index)).toHaveText('★ 8/10');
  await expect(inspector.getByText('accepted from judge-bot').first()).toBeVisible();

  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Star output' });
  await dialog.getByRole('button', { name: /^Accept 6\/10 for/ }).click();
  await expect(dialog).toBeHidden();
  await expect(starButton(page, index + 1)).toHaveText('★ 6/10');
  await expect.poll(() => mine(server, next)).toHaveLength(1);
});

test('Enter where nothing is suggested opens the inspector, and A says so', async ({
  page,
  server,
}) => {
  const { index } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Record', exact: true })).toBeVisible();
  await page.keyboard.press('a');
  const said = page.getByText('Nothing is suggested for the output under the cursor.');
  await expect(said.first()).toBeVisible();
});
