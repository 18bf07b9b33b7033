// No known barrier: axe finds nothing on any screen in any light, and the page works small, enlarged and read out.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { checkAccess, checkInAllLights } from './axe';
import { judge, screens } from './screens';
import { expect, freshRows, open, rowAt, starButton, test } from './server';

function makeEmpty(folder: string): string {
  const data = join(folder, 'empty');
  mkdirSync(join(data, 'batches', 'output'), { recursive: true });
  return data;
}

const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });

/** One of the screens shows a mistake in a query, one what was judged elsewhere meanwhile. */
const expected = async ({}, use: (expected: RegExp[]) => Promise<void>) =>
  use([/status of 400 \(Bad Request\)/, /status of 409/]);

test.describe('no known barrier', () => {
  test.use({ expected });

  for (const screen of screens) {
    test(screen.name, async ({ page, server }) => {
      await judge(server);
      const { index, row } = await freshRows(server);
      await open(page, server, index);
      await screen.go(page, server, row);
      await checkInAllLights(page, screen.again && (() => screen.again!(page)));
    });
  }

  test.describe('empty collection', () => {
    test.use({ prepare: async ({}, use) => use(makeEmpty) });

    test('that says how to fill it', async ({ page, server }) => {
      await page.goto(server.url);
      await expect(page.getByRole('heading', { name: 'No records yet' })).toBeVisible();
      await checkInAllLights(page);
    });
  });
});

// A page at 200 percent has half the room and twice the pixels.
for (const [name, viewport, deviceScaleFactor] of [
  ['390 pixels', { width: 390, height: 844 }, 1],
  ['200 percent', { width: 720, height: 450 }, 2],
  ['320 pixels, as at 400 percent', { width: 320, height: 256 }, 1],
] as const) {
  test.describe(name, () => {
    test.use({ viewport, deviceScaleFactor, expected });

    test('has all of every screen without scrolling sideways', async ({ page, server }) => {
      test.setTimeout(180_000);
      await judge(server);
      for (const screen of screens) {
        const { index, row } = await freshRows(server);
        await open(page, server, index);
        await screen.go(page, server, row);
        expect.soft(await overflow(page), screen.name).toBeLessThanOrEqual(0);
        // The next one is seen by somebody who has not opened anything yet.
        await page.evaluate(() => localStorage.clear());
        await page.goto('about:blank');
      }
    });

    test('lets one star', async ({ page, server }) => {
      const { index } = await freshRows(server);
      await open(page, server, index);
      await starButton(page, index).scrollIntoViewIfNeeded();
      await expect(starButton(page, index)).toBeInViewport();
      await starButton(page, index).click();
      const save = page.getByRole('button', { name: 'Save star' });
      await save.scrollIntoViewIfNeeded();
      await expect(save).toBeInViewport();
      await checkAccess(page);
    });
  });
}

test('moves the sideways scroll with the cell under the cursor', async ({ page, server }) => {
  await page.setViewportSize({ width: 700, height: 700 });
  await open(page, server);
  for (let column = 3; column <= 6; column++) {
    await page.keyboard.press('ArrowRight');
    const cell = rowAt(page, 0).locator(`[data-column="${column}"]`);
    await expect(cell).toHaveClass(/\bat\b/);
    const star = (await rowAt(page, 0).locator('.star').boundingBox())!;
    await expect
      .poll(async () => {
        const box = (await cell.boundingBox())!;
        return box.x + box.width <= star.x + 1;
      })
      .toBe(true);
  }
});

test.describe('reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('moves nothing by itself', async ({ page, server }) => {
    await open(page, server);
    await page.keyboard.press('s');
    await page.keyboard.press('9');
    const moving = await page.evaluate(
      () =>
        document.getAnimations().filter((one) => {
          const { duration } = one.effect?.getComputedTiming() ?? {};
          return Number(duration) > 1;
        }).length,
    );
    expect(moving).toBe(0);
  });
});

test.describe('forced colours', () => {
  test.use({ contextOptions: { forcedColors: 'active' } });

  test('leave the charts to be seen', async ({ page, server }) => {
    await judge(server);
    await open(page, server);
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    const bar = page.locator('a.mark .fill').first();
    await expect(bar).toBeVisible();
    const [fill, ground] = await bar.evaluate((element) => [
      getComputedStyle(element).fill,
      getComputedStyle(element.closest('article')!).backgroundColor,
    ]);
    expect(fill).not.toBe(ground);
  });
});

/** Names and texts in scripts that run the other way, or have no spaces. */
function makeScripts(folder: string): string {
  const data = join(folder, 'scripts');
  mkdirSync(join(data, 'batches', 'output'), { recursive: true });
  mkdirSync(join(data, 'batches', 'input'), { recursive: true });
  const people = ['محمد علي', 'דנה כהן', '李小龙', 'ゆき さくら'];
  const texts = [
    'مرحبا بالعالم، هذا نص طويل.',
    'שלום עולם (test) 123.',
    '你好，世界。',
    'こんにちは。',
  ];
  const answers = people.map((_, i) => ({
    custom_id: `r-${i}`,
    response: {
      status_code: 200,
      body: {
        model: 'm',
        choices: [{ index: 0, message: { role: 'assistant', content: texts[i]!.repeat(40) } }],
      },
    },
  }));
  const requests = people.map((name, i) => ({
    custom_id: `r-${i}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'm', messages: [{ role: 'user', content: `Name: ${name}` }] },
  }));
  const write = (kind: string, lines: object[]) =>
    writeFileSync(
      join(data, 'batches', kind, 'b.jsonl'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  write('output', answers);
  write('input', requests);
  return data;
}

test.describe('other scripts', () => {
  test.use({ prepare: async ({}, use) => use(makeScripts) });

  test('run their own way, and are not cut off in the middle of a line', async ({
    page,
    server,
  }) => {
    await open(page, server);
    for (const [row, direction] of ['rtl', 'rtl', 'ltr', 'ltr'].entries()) {
      for (const column of [1, 2]) {
        const cell = rowAt(page, row).locator(`[data-column="${column}"]`);
        expect(await cell.evaluate((element) => getComputedStyle(element).direction)).toBe(
          direction,
        );
      }
      const preview = rowAt(page, row).locator('.preview');
      const box = await preview.evaluate((element) => ({
        lines: element.clientHeight / parseFloat(getComputedStyle(element).lineHeight),
        beyond: element.scrollWidth - element.clientWidth,
      }));
      expect(Math.abs(box.lines - Math.round(box.lines))).toBeLessThan(0.1);
      expect(box.beyond).toBeLessThanOrEqual(0);
    }
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.keyboard.press('o');
    await expect(page.locator('.markdown').first()).toHaveCSS('direction', 'rtl');
  });
});

test('says grid, dialog and charts to a screen reader', async ({ page, server }) => {
  const { records } = await server.records('limit=1');
  const [row] = records;
  const good = row!.outputs.filter(({ state }) => state === 'ok');
  await server.star(row!, { quality_score: 9, starred_by: 'ada', tags: ['clear'] });
  await open(page, server);
  await expect(page.getByRole('grid')).toMatchAriaSnapshot(`
    - grid "Records, one column per model":
      - rowgroup:
        - row:
          - columnheader "#"
          - columnheader "Candidate"
          - columnheader
          - columnheader
          - columnheader
          - columnheader "Tags"
          - columnheader "Score"
          - columnheader "Star"
      - rowgroup:
        - row:
          - gridcell "1"
          - gridcell /${row!.custom_id}/
          - gridcell
          - gridcell
          - gridcell
          - gridcell "clear"
          - gridcell "9"
          - gridcell:
            - button /★ 9.10 by ada/
  `);
  await page.keyboard.press('s');
  await expect(page.getByRole('dialog')).toMatchAriaSnapshot(`
    - dialog "Star output":
      - banner:
        - heading "Star output" [level=2]
        - button "Close"
      - group /Output/:
        - radio "${good[0]!.model}" [checked]
      - radiogroup /Score/:
        - radio "Score 1"
        - radio "Score 10"
      - combobox /Tags/
      - textbox /Notes/
      - contentinfo:
        - button "Cancel"
        - button /Save star/
  `);
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.getByRole('article', { name: 'Scores' })).toBeVisible();
  await expect(page.locator('#charts')).toMatchAriaSnapshot(`
    - region /Charts/:
      - heading /Charts of 500 records/ [level=2]
      - button "Back to the table"
      - article "Progress":
        - heading "Progress" [level=3]
        - button "Table"
        - button "Save “Progress” as SVG"
        - button "Save “Progress” as PNG"
        - button "Save “Progress” as CSV"
        - paragraph: /1 of 500 records is reviewed/
        - figure:
          - group "Progress":
            - link "499 records unreviewed, 99% of 500."
            - link "1 record reviewed, 1% of 500."
      - article "Scores":
        - group "Split by":
          - button "All" [pressed]
          - button "Model"
        - figure:
          - group "Scores":
            - 'link "All stars: 1 star of score 9."'
  `);
});
