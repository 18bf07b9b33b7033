// A collection made by an enemy: whatever stands in content, names, tags, notes and models, nothing of it runs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, open, rowAt, type Server, test } from './server';

const run = 'globalThis.canary=(globalThis.canary||0)+1';
const [, ...given] = readFileSync(new URL('payloads.txt', import.meta.url), 'utf8').split('\n');
const attacks = given
  .filter(Boolean)
  .map((attack) => attack.replaceAll('RUN', run).replaceAll('\\n', '\n'));

// A table has few models: the worst that a name of one can try.
const models = [
  `<img src=x onerror="${run}">`,
  `"><script>${run}</script>`,
  `</select><svg onload=${run}>`,
  `${'W'.repeat(300)} onclick="${run}"`,
];
const model = (i: number) => models[i % models.length]!;

// An id is one line; everything else of an attack may stand in it.
const idOf = (attack: string, i: number) => `${i}-${attack.replaceAll('\n', ' ')}`;
const tagOf = (attack: string) =>
  attack
    .replace(/[,\s]+/g, ' ')
    .slice(0, 60)
    .trim();

function answer(custom_id: string, of: string, content: string, finish_reason = 'stop') {
  const choices = [{ index: 0, finish_reason, message: { role: 'assistant', content } }];
  const body = { model: of, choices, usage: { prompt_tokens: 1, completion_tokens: 2 } };
  return { id: custom_id, custom_id, response: { status_code: 200, body }, error: null };
}

function request(custom_id: string, attack: string) {
  const messages = [{ role: 'user', content: `Name: ${attack}\n\n${attack}` }];
  return { custom_id, method: 'POST', url: '/v1/chat/completions', body: { model: 'm', messages } };
}

function put(data: string, kind: 'input' | 'output', lines: object[]): void {
  const folder = join(data, 'batches', kind);
  mkdirSync(folder, { recursive: true });
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  writeFileSync(join(folder, 'batch_001.jsonl'), `${text}\n`);
}

/** Each attack as an answer of its own, within one, and all over the record it is in. */
function write(folder: string): string {
  const data = join(folder, 'hostile');
  put(
    data,
    'output',
    attacks.flatMap((attack, i) => [
      answer(idOf(attack, i), model(i), `# Title\n\n${attack}\n\nEnd.`, attack.slice(0, 40)),
      answer(idOf(attack, i), model(i + 1), attack),
    ]),
  );
  const asked = attacks.map((attack, i) => request(idOf(attack, i), attack));
  put(data, 'input', asked);
  return data;
}

/** What must hold whatever is on the screen. */
async function checkUnharmed(page: Page, where: string) {
  const found = await page.evaluate(() => ({
    ran: (globalThis as { canary?: number }).canary ?? 0,
    elements: document.querySelectorAll(
      '#app :is(img, iframe, script, style, object, embed, [action], base, meta, link)',
    ).length,
    links: document.querySelectorAll('a[href^="javascript" i]').length,
    handlers: [...document.querySelectorAll('#app *')].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith('on')),
    ).length,
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    // What only screen readers hear lies one pixel below the page.
    higher: Math.max(
      0,
      document.documentElement.scrollHeight - document.documentElement.clientHeight - 1,
    ),
  }));
  const none = { ran: 0, elements: 0, links: 0, handlers: 0, wider: 0, higher: 0 };
  expect(found, where).toEqual(none);
}

async function starAll(server: Server) {
  const { records } = await server.records('limit=500');
  expect(records).toHaveLength(attacks.length);
  for (const [i, row] of records.entries()) {
    await server.star(row, {
      tags: [tagOf(attacks[i]!)],
      notes: attacks[i],
      starred_by: i % 2 ? 'user' : `<b onclick="${run}">x</b>`,
    });
  }
}

test.describe('every attack', () => {
  test.use({ prepare: async ({}, use) => use(write) });

  test('is shown as text in table, inspector, strip and messages', async ({ page, server }) => {
    test.setTimeout(300_000);
    expect(attacks.length).toBeGreaterThanOrEqual(200);
    await starAll(server);
    await open(page, server);
    await page.getByText('Advance', { exact: true }).click();
    await page.keyboard.press('o');
    const pane = page.getByRole('region', { name: 'Record', exact: true });
    for (const [i, attack] of attacks.entries()) {
      await expect(rowAt(page, i)).toHaveClass(/here/);
      await expect(pane.locator('.id')).toHaveText(idOf(attack, i));
      await expect(pane.locator('.markdown').first()).toBeVisible();
      await checkUnharmed(page, `read: ${attack}`);
      await page.keyboard.press('v');
      await expect(pane.getByRole('tree').first()).toBeVisible();
      await page.keyboard.press('v');
      await expect(pane.getByRole('tree')).toHaveCount(0);
      await checkUnharmed(page, `JSON and raw: ${attack}`);
      await page.keyboard.press('d');
      await expect(pane.locator('.diff :is(ins, del)').first()).toBeAttached();
      await checkUnharmed(page, `diff: ${attack}`);
      await page.keyboard.press('d');
      await page.keyboard.press('v');
      // A star by key: a message and a decision tell of it.
      await page.keyboard.press('Home');
      await page.keyboard.press(String((i % 9) + 1));
      await page.keyboard.press('j');
    }
    await expect(page.getByRole('region', { name: 'My last decisions' })).toContainText('★');
    await checkUnharmed(page, 'the end');
    await expect(page.getByRole('columnheader').nth(2)).toContainText('<img src=x');
  });

  test('is shown as text in dialog, menu and search', async ({ page, server }) => {
    test.setTimeout(300_000);
    await starAll(server);
    await open(page, server);
    const dialog = page.getByRole('dialog');
    // From the first cell a star is for the first good output, whichever model's.
    await page.keyboard.press('Home');
    for (const attack of attacks) {
      await page.keyboard.press('s');
      await expect(dialog).toBeVisible();
      // Tags in use are offered, and each set of them is remembered.
      await page.keyboard.press('5');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.insertText(`${tagOf(attack)},`);
      await checkUnharmed(page, `dialog: ${attack}`);
      await page.keyboard.press('Control+Enter');
      await expect(dialog).toBeHidden();
    }
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(page.getByRole('link', { name: 'All starred' })).toContainText('example');
    await checkUnharmed(page, 'export');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.insertText(attacks[0]!);
    await page.keyboard.press('Enter');
    await checkUnharmed(page, 'search');
  });
});

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
