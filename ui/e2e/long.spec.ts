// Outputs of five megabytes in one line: the page goes on.
import { join } from 'node:path';
import { answer, put } from './attacks';
import { expect, open, starButton, test } from './server';

const LONG = 5_000_000;

function writeLong(folder: string): string {
  const data = join(folder, 'long');
  const words = Array.from({ length: LONG / 10 }, (_, i) => `word${(i * 7919) % 99_991} `).join('');
  const texts = [
    'x'.repeat(LONG),
    words.slice(0, LONG),
    JSON.stringify(Array.from({ length: LONG / 20 }, (_, i) => ({ i, text: 'abc' }))),
    '<b>'.repeat(LONG / 3),
    `${'a\u0301'.repeat(LONG / 4)}`,
    '[('.repeat(LONG / 2),
  ];
  put(
    data,
    'output',
    texts.flatMap((text, i) => [
      answer(`long-${i}`, 'a', text),
      answer(`long-${i}`, 'b', `${text.slice(0, LONG / 2)} other ${text.slice(LONG / 2)}`),
    ]),
  );
  return data;
}

test.describe('an output of five megabytes in one line', () => {
  test.use({ prepare: async ({}, use) => use(writeLong) });

  test('never holds up the page', async ({ page, server }) => {
    test.setTimeout(240_000);
    // To read and send that much takes a busy machine its time.
    await page.goto(server.url);
    await expect(starButton(page, 0)).toBeVisible({ timeout: 60_000 });
    await open(page, server);
    await page.keyboard.press('o');
    const slowest = { ms: 0, what: '' };
    // From the key to the next picture on the screen.
    const press = async (key: string, what: string) => {
      const begun = Date.now();
      await page.keyboard.press(key);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(0))));
      const ms = Date.now() - begun;
      if (ms > slowest.ms) Object.assign(slowest, { ms, what });
      expect(ms, `${what} hangs`).toBeLessThan(20_000);
    };
    const pane = page.getByRole('region', { name: 'Record', exact: true });
    for (let i = 0; i < 6; i++) {
      await expect(pane.locator('.plain, .markdown').nth(1)).toBeVisible({ timeout: 20_000 });
      await press('v', `JSON of text ${i}`);
      await expect(pane.getByRole('tree').first()).toBeVisible();
      await press('v', `raw text ${i}`);
      await press('v', `text ${i} to read`);
      await press('d', `differences of text ${i}`);
      await press('ArrowRight', `a key while text ${i} is compared`);
      await expect(pane.getByText(/Comparing/)).toBeHidden({ timeout: 20_000 });
      await press('d', `text ${i} again`);
      await press('s', `dialog of text ${i}`);
      await press('Escape', `leaving the dialog of text ${i}`);
      await press('j', `from text ${i} to the next`);
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { scrollWidth, clientWidth };
      });
      expect(scrollWidth).toBe(clientWidth);
    }
    console.log(`slowest key press at 5 MB: ${slowest.ms} ms (${slowest.what})`);
  });
});
