// What others do appears by itself; a lost server is said and found again.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, freshRows, open, rowAt, Server, starButton, test } from './server';

test('another reviewer’s star appears and the cursor stays', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 2);
  await open(page, server, index + 1);
  await expect(page.getByText('live', { exact: false }).last()).toBeVisible();
  await server.star(row, { quality_score: 7, starred_by: 'alice' });
  await expect(starButton(page, index)).toHaveText('★ 7/10');
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
});

test('says when the server is lost, and goes on when it is back', async ({
  page,
  server,
  expected,
}) => {
  expected.push(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY/);
  const { index } = await freshRows(server);
  await open(page, server, index);
  const foot = page.getByRole('contentinfo');
  await expect(foot).toContainText('live');
  const port = Number(new URL(server.url).port);
  await server.stop();
  await expect(foot).toContainText('reconnecting');
  await page.keyboard.press('9');
  await expect(page.getByRole('alert').filter({ hasText: '1 star not saved' })).toBeVisible();
  await expect(starButton(page, index)).toHaveAccessibleName(/not saved yet$/);
  await server.start(port);
  await expect(foot).toContainText('live', { timeout: 15_000 });
  await expect(starButton(page, index)).toHaveText('★ 9/10');
});

test('two servers and a program that appends: both pages show everything', async ({
  page,
  context,
  server,
}) => {
  const { index, row } = await freshRows(server, 3);
  const { records } = await server.records(`offset=${index}&limit=3`);
  const other = new Server(server.folder);
  await other.start();
  try {
    await open(page, server, index);
    const there = await context.newPage();
    await open(there, other, index);
    const shows = async (at: number, text: string) => {
      const began = performance.now();
      await Promise.all([page, there].map((it) => expect(starButton(it, at)).toHaveText(text)));
      return Math.round(performance.now() - began);
    };
    await server.star(row, { quality_score: 3, starred_by: 'ann' });
    const byFirst = await shows(index, '★ 3/10');
    await other.star(records[1]!, { quality_score: 4, starred_by: 'ben' });
    const bySecond = await shows(index + 1, '★ 4/10');
    // As the old tool writes it: no model, but the text that was judged.
    const { custom_id } = records[2]!;
    const { outputs } = await server.record(custom_id);
    const line = {
      custom_id,
      candidate_name: '',
      llm_output: outputs.find(({ state }) => state === 'ok')!.text,
      quality_score: 5,
      tags: [],
      notes: '',
      starred_by: 'old tool',
      starred_at: '2026-11-22T10:00:00Z',
    };
    appendFileSync(join(server.folder, 'gold_star/starred.jsonl'), `${JSON.stringify(line)}\n`);
    const byProgram = await shows(index + 2, '★ 5/10');
    console.log(`shown on both pages after ${byFirst}, ${bySecond} and ${byProgram} ms`);
    await there.close();
  } finally {
    await other.stop();
  }
});
