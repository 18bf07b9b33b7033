// A collection made by an enemy: whatever stands in content, names, tags and models, nothing of it runs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, open, rowAt, test } from './server';

const run = 'globalThis.canary=(globalThis.canary||0)+1';
const attacks = [
  `<script>${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<svg onload="${run}"></svg>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<details open ontoggle="${run}">x</details>`,
  `[click](javascript:${run})`,
  `![x](http://tracker.invalid/pixel.png)`,
  `<img src="http://tracker.invalid/pixel.png">`,
  `<style>@import "http://tracker.invalid/x.css"; body{display:none}</style>`,
  `<a href="javascript:${run}">click</a>`,
  '```html\n<img src=x onerror="' + run + '">\n```',
  `"'><img src=x onerror="${run}">`,
  `{{constructor.constructor('${run}')()}}`,
  `<form action="http://tracker.invalid"><button>go</button></form>`,
];
const model = `<img src=x onerror="${run}">`;

// An id is one line; everything else of an attack may stand in it.
const idOf = (attack: string, i: number) => `${i}-${attack.replaceAll('\n', ' ')}`;

function write(folder: string): string {
  const data = join(folder, 'hostile');
  mkdirSync(join(data, 'batches', 'output'), { recursive: true });
  mkdirSync(join(data, 'batches', 'input'), { recursive: true });
  const lines = (make: (attack: string, i: number) => object) =>
    attacks.map((attack, i) => JSON.stringify(make(attack, i))).join('\n') + '\n';
  const answers = lines((attack, i) => ({
    id: `r-${i}`,
    custom_id: idOf(attack, i),
    response: {
      status_code: 200,
      body: {
        id: `c-${i}`,
        object: 'chat.completion',
        created: 1_700_000_000,
        model,
        choices: [
          {
            index: 0,
            finish_reason: attack.slice(0, 40),
            message: { role: 'assistant', content: `# Title\n\n${attack}\n\nEnd.` },
          },
        ],
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
      },
    },
    error: null,
  }));
  const requests = lines((attack, i) => ({
    custom_id: idOf(attack, i),
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model, messages: [{ role: 'user', content: `Name: ${attack}\n\n${attack}` }] },
  }));
  writeFileSync(join(data, 'batches', 'output', 'batch_001.jsonl'), answers);
  writeFileSync(join(data, 'batches', 'input', 'batch_001.jsonl'), requests);
  return data;
}

test.use({ prepare: async ({}, use) => use(write) });

test('nothing runs, nothing is fetched, everything is shown as text', async ({ page, server }) => {
  const { records } = await server.records('limit=50');
  expect(records).toHaveLength(attacks.length);
  for (const [i, row] of records.entries()) {
    const tag = attacks[i]!.replace(/[,\s]+/g, ' ')
      .slice(0, 60)
      .trim();
    await server.star(row, {
      tags: [tag],
      notes: attacks[i],
      starred_by: i % 2 ? 'user' : `<b onclick="${run}">x</b>`,
    });
  }
  await open(page, server);
  await page.keyboard.press('o');
  for (let i = 0; i < attacks.length; i++) {
    await expect(rowAt(page, i)).toHaveClass(/here/);
    const pane = page.getByRole('region', { name: 'Record', exact: true });
    await expect(pane.locator('.markdown').first()).toContainText('End.');
    await page.keyboard.press('s');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('t');
    await page.keyboard.press('Escape');
    if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('j');
  }
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  await page.getByRole('button', { name: 'Raw', exact: true }).click();

  expect(await page.evaluate(() => (globalThis as { canary?: number }).canary)).toBeUndefined();
  expect(await page.locator('#app :is(img, iframe, script, style, object, embed)').count()).toBe(0);
  expect(await page.locator('a[href^="javascript" i]').count()).toBe(0);
  await expect(page.getByRole('columnheader').nth(2)).toContainText('<img src=x');
});
