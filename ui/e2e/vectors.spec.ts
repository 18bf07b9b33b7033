// DOMPurify's own test vectors, of the last of its packages that brought them, as answers and notes: nothing of them runs.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { answer, checkUnharmed, put } from './attacks';
import { expect, open, test } from './server';

const load = createRequire(import.meta.url);
const vectors = (load('dompurify-vectors/test/fixtures/expect.js') as { payload: string }[])
  .map(({ payload }) => payload)
  .filter((payload) => payload.trim() !== '');

function write(folder: string): string {
  const data = join(folder, 'vectors');
  const answers = vectors.map((vector, i) => answer(`v-${i}`, 'm', vector));
  put(data, 'output', answers);
  return data;
}

test.use({ prepare: async ({}, use) => use(write) });

test('every vector is shown without harm', async ({ page, server }) => {
  test.setTimeout(180_000);
  expect(vectors.length).toBeGreaterThan(150);
  // What they try to do is to open a message.
  await page.addInitScript(() => {
    const told = () => {
      const seen = globalThis as { canary?: number };
      seen.canary = (seen.canary ?? 0) + 1;
    };
    Object.assign(globalThis, { alert: told, confirm: told, prompt: told });
  });
  const { records } = await server.records('limit=500');
  await Promise.all(records.map((row, i) => server.star(row, { notes: vectors[i]! })));
  await open(page, server);
  await page.keyboard.press('o');
  const pane = page.getByRole('region', { name: 'Record', exact: true });
  for (const [i, vector] of vectors.entries()) {
    await expect(pane.locator('.id')).toHaveText(`v-${i}`);
    await expect(pane.getByRole('article', { name: 'm', exact: true })).toBeVisible();
    await expect(pane.locator('.notes').first()).toBeAttached();
    await checkUnharmed(page, vector);
    await page.keyboard.press('j');
  }
});
