// The three ways out: what is counted is what is downloaded.
import { readFileSync } from 'node:fs';
import { expect, freshRows, open, test } from './server';
import type { ExportCount } from '../src/api/types';

const ways = [
  { title: 'ICL examples ≥ 9', query: 'format=icl&min_quality=9&limit=100', key: 'llm_output' },
  { title: 'Fine-tuning ≥ 8', query: 'format=finetuning&min_quality=8', key: 'messages' },
  { title: 'All starred', query: 'format=raw', key: 'quality_score' },
];

for (const { title, query, key } of ways) {
  test(`downloads ${title}`, async ({ page, server }) => {
    const { row } = await freshRows(server);
    await server.star(row, { quality_score: 10 });
    const count = await server.get<ExportCount>(`/api/export-gold-star/count?${query}`);
    expect(count.examples).toBeGreaterThan(0);

    await open(page, server);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const link = page.getByRole('link', { name: title });
    await expect(link).toContainText(
      `${new Intl.NumberFormat('en').format(count.examples)} example`,
    );
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toMatch(/^gold_star_[a-z]+_\d{8}_\d{6}\.jsonl$/);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(count.examples);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty(key);

    const toast = page.getByRole('group', { name: title });
    for (const [reason, n] of Object.entries(count.left_out)) {
      await expect(toast).toContainText(`${n} ${reason}`);
    }
    if (Object.keys(count.left_out).length === 0) await expect(toast).toContainText('Nothing');
  });
}

test('the counts follow a star', async ({ page, server }) => {
  const { index } = await freshRows(server);
  const before = await server.get<ExportCount>('/api/export-gold-star/count?format=raw');
  await open(page, server, index);
  await page.keyboard.press('9');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const after = new Intl.NumberFormat('en').format(before.examples + 1);
  await expect(page.getByRole('link', { name: 'All starred' })).toContainText(`${after} example`);
});

test('takes along what agents suggest only when asked', async ({ page, server }) => {
  const { row } = await freshRows(server);
  await server.star(row, { quality_score: 10, starred_by: 'bot', kind: 'agent' });
  const people = await server.get<ExportCount>('/api/export-gold-star/count?format=raw');
  await open(page, server);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const link = page.getByRole('link', { name: 'All starred' });
  const say = (n: number) => `${new Intl.NumberFormat('en').format(n)} example`;
  await expect(link).toContainText(say(people.examples));
  await page.getByRole('checkbox', { name: 'With 1 suggestion of agents' }).check();
  await expect(link).toContainText(say(people.examples + 1));
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines.filter((line) => line.includes('"starred_by":"bot"'))).toHaveLength(1);
});
