// The charts: what they count, where their marks lead, and what can be kept of them.
import { readFileSync } from 'node:fs';
import type { Download, Page } from '@playwright/test';
import type { Row } from '../src/api/types';
import { expect, grid, open, rowAt, type Server, test } from './server';

const chart = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const mark = (page: Page, name: string | RegExp) =>
  page.getByRole('link', { name, exact: typeof name === 'string' });

/** Stars of two reviewers on the outputs of the first two models: 9 and 3, 9 and 8, 5 and 5. */
async function judge(server: Server): Promise<{ a: string; b: string; rows: Row[] }> {
  const { models } = await server.get<{ models: { name: string }[] }>('/api/status');
  const [a, b] = models.map(({ name }) => name) as [string, string];
  const { records } = await server.records('limit=100');
  const answered = (row: Row, model: string) =>
    row.outputs.some((output) => output.model === model && output.state === 'ok');
  const rows = records.filter((row) => answered(row, a) && answered(row, b)).slice(0, 3);
  const scores = [
    [9, 3],
    [9, 8],
    [5, 5],
  ] as const;
  for (const [i, row] of rows.entries()) {
    const [of, than] = scores[i]!;
    await server.star(row, { model: a, quality_score: of, starred_by: 'ada', tags: ['clear'] });
    await server.star(row, { model: b, quality_score: than, starred_by: 'ben', tags: ['clear'] });
  }
  return { a, b, rows };
}

async function openCharts(page: Page, server: Server) {
  await open(page, server);
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(chart(page, 'Scores')).toBeVisible();
}

const textOf = async (download: Promise<Download>) =>
  readFileSync(await (await download).path(), 'utf8');

test('say in a sentence what they show', async ({ page, server }) => {
  const { a, b } = await judge(server);
  await openCharts(page, server);
  await expect(page).toHaveURL(/#page=charts$/);
  await expect(chart(page, 'Progress')).toContainText('3 of 500 records are reviewed');
  await expect(chart(page, 'Scores')).toContainText(
    '6 stars with a mean of 6.5; 50% of them are 8 or better.',
  );
  await expect(chart(page, 'Model against model')).toContainText(
    `Of 3 records with stars for both, ${a} is rated higher in 2, ${b} in 0; 1 is equal.`,
  );
  await expect(chart(page, 'Pace')).toContainText('6 stars in all');
  await expect(chart(page, 'Tags over time')).toContainText('clear with 6 stars');
});

test('lead by mouse to the records that they count, and back', async ({ page, server }) => {
  const { a, b, rows } = await judge(server);
  await openCharts(page, server);
  await mark(page, 'All stars: 2 stars of score 9.').click();
  await expect(page.getByRole('search').getByRole('combobox')).toHaveValue('score:9');
  await expect(rowAt(page, 1)).toContainText(rows[1]!.custom_id);
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '3');
  await page.goBack();
  await mark(page, `1 record: ${a} 9, ${b} 3.`).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '2');
  await expect(rowAt(page, 0)).toContainText(rows[0]!.custom_id);
});

test('are walked through by key, with tips', async ({ page, server }) => {
  const { a, b } = await judge(server);
  await openCharts(page, server);
  await expect(page.locator('#charts')).toBeFocused();
  await page.getByRole('button', { name: 'Model', exact: true }).focus();
  await page.keyboard.press('Enter');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
  await expect(mark(page, `${a}: 1 star of score 5.`)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(mark(page, `${a}: 2 stars of score 9.`)).toBeFocused();
  await expect(chart(page, 'Scores').locator('.tip')).toContainText('2 stars of score 9.');
  await page.keyboard.press('Escape');
  await expect(chart(page, 'Scores').locator('.tip')).toBeHidden();
  await page.keyboard.press('End');
  await expect(mark(page, `${b}: 1 star of score 8.`)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '2');
  await expect(grid(page)).toBeFocused();
});

test('have a table each, whose numbers lead there, too', async ({ page, server }) => {
  await judge(server);
  await openCharts(page, server);
  const scores = chart(page, 'Scores');
  await scores.getByRole('button', { name: 'Table' }).click();
  const row = scores.getByRole('row', { name: /^All stars/ });
  const texts = ['All stars', '0', '0', '1', '0', '2', '0', '0', '1', '2', '0', '6', '6.5'];
  await expect(row.getByRole('cell')).toHaveText(texts);
  await row.getByRole('link', { name: '2' }).first().click();
  await expect(page.getByRole('search').getByRole('combobox')).toHaveValue('score:5');
});

test('are kept as SVG, PNG and CSV', async ({ page, server }) => {
  await judge(server);
  await openCharts(page, server);
  const svgWidth = await chart(page, 'Scores').locator('figure svg').getAttribute('width');
  const chartWidth = Number(svgWidth);
  const keep = (kind: string) => {
    const download = page.waitForEvent('download');
    return page
      .getByRole('button', { name: `Save “Scores” as ${kind}`, exact: true })
      .click()
      .then(() => download);
  };
  const svg = await textOf(keep('SVG'));
  expect(svg).toContain('6 stars with a mean of 6.5');
  expect(svg).toContain('<rect');
  expect(svg).not.toMatch(/var\(|class=|href=|light-dark/);
  const csv = await textOf(keep('CSV'));
  expect(csv.split('\r\n')[1]).toBe('All stars,0,0,1,0,2,0,0,1,2,0,6,6.5');
  const png = await keep('PNG');
  expect(png.suggestedFilename()).toBe('goldstar-scores-all.png');
  const bytes = readFileSync(await png.path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  // Twice the chart's own width, and too much in it for one colour.
  expect(bytes.readUInt32BE(16)).toBe(2 * (chartWidth + 48));
  expect(bytes.length).toBeGreaterThan(4000);
});

test('follow the query and the stars of others', async ({ page, server }) => {
  const { rows } = await judge(server);
  await openCharts(page, server);
  await page.keyboard.press('/');
  await page.keyboard.type('by:ada');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /of the 3 records that answer/ })).toBeVisible();
  // The address follows a moment later.
  await expect(page).toHaveURL(/q=by%3Aada/);
  await page.reload();
  await expect(page.getByRole('heading', { name: /of the 3 records that answer/ })).toBeVisible();
  await server.star(rows[0]!, { quality_score: 10, starred_by: 'cleo' });
  await expect(mark(page, 'All stars: 1 star of score 10.')).toBeVisible();
});

test('say what to do where there is nothing to show', async ({ page, server }) => {
  await page.goto(`${server.url}/#page=charts`);
  await expect(page.getByRole('heading', { name: 'No stars among these records' })).toBeVisible();
  await page.goto(`${server.url}/#page=charts&q=zzzzzz`);
  await expect(page.getByRole('heading', { name: 'No record answers' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the query' }).click();
  await page.getByRole('button', { name: 'Back to the table' }).last().click();
  await expect(grid(page)).toBeFocused();
});

test('show names that are markup as text, also in what is kept', async ({ page, server }) => {
  const attack = '<img src=x onerror="globalThis.canary=1">';
  const { records } = await server.records('limit=50');
  const row = records.find(({ outputs }) => outputs.some(({ state }) => state === 'ok'))!;
  await server.star(row, { quality_score: 9, starred_by: `"'>${attack}`, tags: [attack, '=1+1'] });
  await openCharts(page, server);
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await expect(mark(page, `${attack}: 1 star of score 9.`)).toBeVisible();
  await mark(page, `${attack}: 1 star of score 9.`).focus();
  await expect(chart(page, 'Scores').locator('.tip')).toContainText(attack);
  const svg = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save “Scores” as SVG' }).click();
  expect(await textOf(svg)).not.toContain('<img');
  const csv = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save “Scores” as CSV' }).click();
  expect(await textOf(csv)).toContain("\r\n'=1+1,");
  expect(await page.evaluate(() => 'canary' in globalThis)).toBe(false);
});
