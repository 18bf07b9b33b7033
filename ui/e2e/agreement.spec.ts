// The agreement page: who stands out, what is disputed, and where a person settles it.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { disagree } from './screens';
import { expect, grid, open, rowAt, type Server, test } from './server';

const figure = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

async function openAgreement(page: Page, server: Server) {
  await open(page, server);
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(figure(page, 'Disputed outputs')).toBeVisible();
}

test('names the harsh reviewer and lists what is disputed', async ({ page, server }) => {
  await disagree(server);
  await openAgreement(page, server);
  await expect(page).toHaveURL(/#page=agreement$/);
  await expect(page.locator('#agreement')).toBeFocused();
  await expect(figure(page, 'Reviewers')).toContainText('cleo is harsh.');
  await expect(figure(page, 'Krippendorff’s alpha')).toContainText('Too low to rely on');
  await expect(figure(page, 'Krippendorff’s alpha')).toContainText('24 outputs of 24');
  await expect(figure(page, 'Pairs of reviewers')).toContainText('Closest: ada and ben');
  // Four apart wherever the scale has room for it, and three where it begins.
  await expect(figure(page, 'How far apart')).toContainText('24 outputs judged by several');
  await expect(figure(page, 'Disputed outputs').getByRole('row')).not.toHaveCount(1);
});

test('leads to where a dispute is settled', async ({ page, server }) => {
  await disagree(server);
  await openAgreement(page, server);
  const queue = figure(page, 'Disputed outputs');
  const first = queue.getByRole('row').nth(1);
  const id = await first.getByRole('link').innerText();
  await first.getByRole('link').click();
  await expect(page.getByRole('search').getByRole('combobox')).toHaveValue('is:disputed');
  await expect(grid(page)).toBeFocused();
  await expect(page.locator('[role=row].here')).toContainText(id);
  await page.goBack();
  await expect(queue).toBeVisible();
  await queue.getByRole('link', { name: 'Settle them in the table' }).click();
  await expect(rowAt(page, 0)).toContainText(id);
});

test('follows the query and new stars', async ({ page, server }) => {
  await page.goto(`${server.url}/#page=agreement`);
  await expect(page.getByRole('heading', { name: /No output was judged by two/ })).toBeVisible();
  await disagree(server);
  await expect(figure(page, 'Reviewers')).toContainText('cleo is harsh.');
  await page.keyboard.press('/');
  await page.keyboard.type('zzzzzz');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'No record answers' })).toBeVisible();
});

test('keeps its figures as tables and files', async ({ page, server }) => {
  await disagree(server);
  await openAgreement(page, server);
  const reviewers = figure(page, 'Reviewers');
  await reviewers.getByRole('button', { name: 'Table' }).click();
  await expect(reviewers.getByRole('row', { name: /^cleo/ })).toContainText('harsh');
  const csv = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save “Pairs of reviewers” as CSV' }).click();
  const text = readFileSync(await (await csv).path(), 'utf8');
  expect(text.split('\r\n')[1]).toMatch(/^ada,ben,24,0\.\d+/);
  for (const name of ['Pairs of reviewers', 'How far apart']) {
    const svg = page.waitForEvent('download');
    await page.getByRole('button', { name: `Save “${name}” as SVG` }).click();
    const drawn = readFileSync(await (await svg).path(), 'utf8');
    expect(drawn).toContain('<rect');
    expect(drawn).not.toMatch(/var\(|class=|href=|light-dark/);
  }
});

test('shows in the table how far apart reviewers are', async ({ page, server }) => {
  const { records } = await server.records('limit=50');
  const index = records.findIndex(({ outputs }) => outputs.some(({ state }) => state === 'ok'));
  const row = records[index]!;
  await server.star(row, { quality_score: 9, starred_by: 'ada' });
  await server.star(row, { quality_score: 5, starred_by: 'ben' });
  await open(page, server);
  const score = rowAt(page, index).locator('.score');
  await expect(score).toHaveText(/^\s*7\s*±2\.8\s*$/);
  await expect(score.locator('small')).toHaveAttribute('title', /4 points apart/);
});

test('shows how far people agree about tags, and an agent with people', async ({
  page,
  server,
}) => {
  const { records } = await server.records('limit=200');
  const answered = records.filter(({ outputs }) => outputs.some(({ state }) => state === 'ok'));
  for (const [i, row] of answered.slice(-12).entries()) {
    const clear = i % 2 === 0 ? ['clear'] : [];
    await server.star(row, { quality_score: 5, starred_by: 'ada', tags: [...clear, 'vague'] });
    await server.star(row, { quality_score: 6, starred_by: 'ben', tags: clear });
    const suggested = { quality_score: 7, starred_by: 'bot', kind: 'agent', tags: clear } as const;
    await server.star(row, suggested);
  }
  await openAgreement(page, server);
  const tags = figure(page, 'Tags');
  // One gives it to all and the other to none: less than chance.
  await expect(tags).toContainText('most about “clear” (alpha 1.00) and least about “vague” (−');
  const agents = figure(page, 'Agents and people');
  await expect(agents).toContainText('bot suggested 12, of which 0 were accepted; on 12 outputs');
  await expect(agents).toContainText('+2.00 beside theirs');
  await agents.getByRole('link', { name: /^clear: kappa 1\.00; given by both 6/ }).click();
  await expect(page.getByRole('search').getByRole('combobox')).toHaveValue(
    'is:suggested by:bot tag:clear',
  );
  await expect(page.locator('main').getByText(/^6 of 500 records/)).toBeVisible();
});
