// Stars that wait in the browser: another tab, an older version of the page, and what was judged meanwhile elsewhere.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, freshRows, open, starButton, test } from './server';

test.beforeEach(({ expected }) => void expected.push(/ERR_FAILED/));

const cutOff = (page: Page) => page.route('**/api/gold-star', (route) => route.abort('failed'));
const mend = (page: Page) => page.unroute('**/api/gold-star');
const waiting = (page: Page) => page.getByRole('alert').filter({ hasText: 'not saved' });

// What waits is sent again by itself, every now and then: a click on "Retry all" could come too late.
const RETRIED = { timeout: 25_000 };

async function another(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

test('what a closed tab left is sent by another one, once', async ({ page, context, server }) => {
  test.setTimeout(60_000);
  const { index, row } = await freshRows(server, 2);
  await open(page, server, index);
  await cutOff(page);
  await page.keyboard.press('8');
  await expect(waiting(page)).toContainText('1 star not saved');
  const history = async () => (await server.record(row.custom_id)).history.length;
  expect(await history()).toBe(0);

  const url = page.url();
  const second = await another(context, url);
  const third = await another(context, url);
  for (const tab of [second, third]) {
    await expect(starButton(tab, index)).toHaveText('★ 8/10');
    await expect(waiting(tab)).toBeHidden();
  }
  await expect.poll(history).toBe(1);
  await mend(page);
  await expect(waiting(page)).toBeHidden(RETRIED);
  expect(await history()).toBe(1);
});

test('what an earlier version of the page kept is taken over', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  const { collection } = await server.get<{ collection: string }>('/api/status');
  const { custom_id, name, outputs } = row;
  const { model } = outputs.find(({ state }) => state === 'ok')!;
  const id = '01ARYZ6S41TSV4RRFFQ69G5FAV';
  const target = { custom_id, name, model, choice: 0 };
  const star = { model, choice: 0, quality_score: 7, tags: ['kept'], notes: '', id };
  const whole = { ...star, starred_by: 'user', starred_at: '', kind: 'human', stale: false };
  await page.addInitScript(
    (acts) => {
      if (!sessionStorage.getItem('once')) localStorage.setItem('goldstar.unsent', acts);
      sessionStorage.setItem('once', 'yes');
    },
    JSON.stringify([{ id, collection, target, star: whole, by: 'user' }]),
  );
  await open(page, server, index);
  await expect(starButton(page, index)).toHaveText('★ 7/10');
  await expect
    .poll(async () => (await server.record(custom_id)).stars)
    .toMatchObject([{ quality_score: 7, tags: ['kept'], starred_by: 'user' }]);
  expect(await page.evaluate(() => localStorage.getItem('goldstar.unsent'))).toBeNull();
});

for (const [choice, score] of [
  ['Save mine', 9],
  ['Keep theirs', 4],
] as const) {
  test(`my own star of meanwhile is shown beside the one that waited: ${choice}`, async ({
    page,
    server,
  }) => {
    test.setTimeout(60_000);
    const { index, row } = await freshRows(server);
    await open(page, server, index);
    await page.getByText('Advance', { exact: true }).click();
    await cutOff(page);
    await page.keyboard.press('9');
    await expect(waiting(page)).toBeVisible();
    await server.star(row, { quality_score: 4, starred_by: 'user', notes: 'elsewhere' });
    await mend(page);
    const compare = page.getByRole('button', { name: 'Compare…' });
    await expect(compare).toBeVisible(RETRIED);
    await compare.click();
    const dialog = page.getByRole('dialog', { name: /Judged in two places/ });
    await expect(dialog.getByRole('article').nth(0)).toContainText('9/10');
    await expect(dialog.getByRole('article').nth(1)).toContainText('elsewhere');
    // Nothing is decided before a person decides, not even by a reload.
    await page.keyboard.press('Escape');
    await page.reload();
    await compare.click();
    await dialog.getByRole('button', { name: choice }).click();
    await expect(dialog).toBeHidden();
    await expect(starButton(page, index)).toHaveText(`★ ${score}/10`);
    await expect
      .poll(async () => (await server.record(row.custom_id)).stars.map((s) => s.quality_score))
      .toEqual([score]);
    await page.reload();
    await expect(starButton(page, index)).toHaveText(`★ ${score}/10`);
    await expect(compare).toBeHidden();
  });
}

test('the star of another reviewer of meanwhile is shown, and both stay', async ({
  page,
  server,
}) => {
  test.setTimeout(60_000);
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.getByText('Advance', { exact: true }).click();
  await cutOff(page);
  await page.keyboard.press('9');
  await expect(waiting(page)).toBeVisible();
  await server.star(row, { quality_score: 3, starred_by: 'ben' });
  await mend(page);
  const compare = page.getByRole('button', { name: 'Compare…' });
  await expect(compare).toBeVisible(RETRIED);
  await compare.click();
  const dialog = page.getByRole('dialog', { name: /Judged in two places/ });
  await expect(dialog.getByRole('article').nth(1)).toContainText('By ben');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const stars = (await server.record(row.custom_id)).stars;
  expect(stars.map((s) => s.quality_score).sort()).toEqual([3, 9]);
});

test('a server that does not answer is said, and the star is kept', async ({ page, server }) => {
  test.setTimeout(60_000);
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  server.signal('SIGSTOP');
  await page.keyboard.press('6');
  await expect(starButton(page, index)).toHaveText('★ 6/10');
  await expect(waiting(page)).toContainText('does not answer', { timeout: 20_000 });
  server.signal('SIGCONT');
  await expect(waiting(page)).toBeHidden({ timeout: 30_000 });
  const { history } = await server.record(row.custom_id);
  expect(history.map((event) => event.quality_score)).toEqual([6]);
});
