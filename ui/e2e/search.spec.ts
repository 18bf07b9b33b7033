// What words find is marked, in cells and in whole texts, and a search without an index says so.
import type { Page } from '@playwright/test';
import { expect, open, rowAt, test } from './server';
import type { Search, Status } from '../src/api/types';

const notice = (page: Page) => page.getByRole('search').getByRole('status');

async function ask(page: Page, q: string) {
  await page.getByRole('combobox', { name: 'Search' }).fill(q);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`#q=`));
}

/** A pattern for whole words only. */
const whole = (pattern: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'u');

/** What the inspector's highlights stand above. */
const highlighted = (page: Page) =>
  page.evaluate(() =>
    [...(CSS.highlights.get('sought') ?? [])].map((at) => {
      const range = document.createRange();
      range.setStart(at.startContainer, at.startOffset);
      range.setEnd(at.endContainer, at.endOffset);
      return range.toString().toLowerCase();
    }),
  );

test('words and beginnings are marked in every cell where they stand', async ({ page, server }) => {
  const row = (await server.records('limit=1')).records[0]!;
  const output = row.outputs.find((o) => o.state === 'ok')!;
  const word = whole('[a-z]{6,}').exec(output.preview)![0];
  await open(page, server);
  await ask(page, `id:${row.custom_id} model:${output.model} ${word}`);
  const marks = rowAt(page, 0).locator('.preview mark');
  await expect(marks.first()).toBeInViewport();
  for (const text of await page.locator('.preview mark').allInnerTexts()) {
    expect(text.toLowerCase()).toBe(word);
  }
  await ask(page, `id:${row.custom_id} ${word.slice(0, 4)}*`);
  await expect(marks.first()).toHaveText(new RegExp(`^${word.slice(0, 4)}`, 'i'));
  await ask(page, 'is:unreviewed');
  await expect(page.locator('.preview').first()).toBeVisible();
  await expect(page.locator('.preview mark')).toHaveCount(0);
});

test('the inspector marks words and phrases, until something else is asked', async ({
  page,
  server,
}) => {
  const { records } = await server.records('limit=1');
  const { text } = (await server.record(records[0]!.custom_id)).outputs.find(
    (o) => o.state === 'ok',
  )!;
  const phrase = whole('[a-z]{4,} [a-z]{4,}').exec(text)![0];
  await open(page, server);
  await ask(page, `"${phrase}"`);
  await page.keyboard.press('o');
  await expect.poll(() => highlighted(page)).toContain(phrase);
  expect(new Set(await highlighted(page))).toEqual(new Set([phrase]));
  await page.getByRole('button', { name: 'Raw', exact: true }).click();
  await expect.poll(() => highlighted(page)).toContain(phrase);
  await ask(page, 'is:unreviewed');
  await expect.poll(() => highlighted(page)).toEqual([]);
});

test('a pattern is marked, and said to be looked for in the texts', async ({ page, server }) => {
  await open(page, server);
  await ask(page, '/[Cc]andidate/');
  await expect(notice(page)).toContainText('A pattern is looked for in the texts themselves');
  await expect(page.locator('.preview mark').first()).toHaveText(/^candidate$/i);
  await ask(page, 'is:unreviewed');
  await expect(notice(page)).toBeEmpty();
});

test('shows how far the search index is, and what that means for words', async ({
  page,
  server,
}) => {
  // The demo's index is there too soon to be seen: the state is put into the server's answers.
  const search: Search = { state: 'building', done: 450_000_000, total: 1_000_000_000 };
  await page.route('**/api/status*', async (route) => {
    const status = (await (await route.fetch()).json()) as Status;
    await route.fulfill({ json: { ...status, search } });
  });
  await page.route('**/api/events*', (route) =>
    route.fulfill({
      contentType: 'text/event-stream',
      body: `retry: 600000\n\nevent: search\ndata: ${JSON.stringify(search)}\n\n`,
    }),
  );
  await open(page, server);
  const bar = page.getByRole('progressbar', { name: 'Search index' });
  await expect(bar).toHaveJSProperty('position', 0.45);
  await expect(page.getByText('Search index · 45% of 1,000 MB')).toBeVisible();
  await expect(notice(page)).toBeEmpty();
  await ask(page, 'leader');
  await expect(notice(page)).toContainText('not ready (45%): the texts themselves');
  search.state = 'scan';
  await expect(bar).toBeHidden();
  await expect(notice(page)).toContainText('The texts themselves are looked through');
  search.state = 'ready';
  await expect(notice(page)).toBeEmpty();
});
