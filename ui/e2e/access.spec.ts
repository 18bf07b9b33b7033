// No known barrier: axe finds nothing on any screen, and the page works small, enlarged and by keyboard.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, freshRows, open, rowAt, starButton, test } from './server';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

function makeEmpty(folder: string): string {
  const data = join(folder, 'empty');
  mkdirSync(join(data, 'batches', 'output'), { recursive: true });
  return data;
}

async function checkAccess(page: Page) {
  // A moving or fading element would be measured in between.
  await page.waitForTimeout(300);
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  const found = violations.map((v) => ({
    id: v.id,
    nodes: v.nodes.map((n) => `${n.target.join(' ')}: ${n.failureSummary}`),
  }));
  expect(found).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('table', async ({ page, server }) => {
      const { index } = await freshRows(server);
      await open(page, server, index);
      await page.keyboard.press('9');
      await expect(starButton(page, index)).toHaveText('★ 9/10');
      await checkAccess(page);
    });

    test('star dialog', async ({ page, server }) => {
      const { index } = await freshRows(server);
      await open(page, server, index);
      await page.keyboard.press('s');
      await page.keyboard.press('9');
      await checkAccess(page);
      await page.keyboard.press('t');
      await page.keyboard.type('new-tag,');
      await checkAccess(page);
    });

    test('inspector', async ({ page, server }) => {
      const { index } = await freshRows(server);
      await open(page, server, index);
      await page.getByText('Advance', { exact: true }).click();
      await page.keyboard.press('o');
      await page.keyboard.press('9');
      await expect(page.getByRole('article', { name: 'History' })).toContainText('9/10');
      await expect(page.locator('.markdown').first()).toBeVisible();
      await checkAccess(page);
    });

    test('marks of a search', async ({ page, server }) => {
      await open(page, server);
      await page.keyboard.press('/');
      await page.keyboard.type('/[Cc]andidate/ the');
      await expect(page.locator('.preview mark').first()).toBeVisible();
      await page.keyboard.press('Enter');
      await page.keyboard.press('o');
      await expect(page.locator('.markdown').first()).toBeVisible();
      await checkAccess(page);
    });

    test('key sheet', async ({ page, server }) => {
      await open(page, server);
      await page.keyboard.press('?');
      await checkAccess(page);
    });

    test('export menu', async ({ page, server }) => {
      await open(page, server);
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await expect(page.getByRole('link', { name: 'All starred' })).toContainText('example');
      await checkAccess(page);
    });

    test.describe('empty collection', () => {
      test.use({ prepare: async ({}, use) => use(makeEmpty) });

      test('says how to fill it', async ({ page, server }) => {
        await page.goto(server.url);
        await expect(page.getByRole('heading', { name: 'No records yet' })).toBeVisible();
        await checkAccess(page);
      });
    });
  });
}

test('is usable at 390 pixels and at twice the size', async ({ page, server }) => {
  const { index } = await freshRows(server);
  for (const [width, height] of [
    [390, 844],
    [720, 450],
  ] as const) {
    await page.setViewportSize({ width, height });
    await open(page, server, index);
    const beyond = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(beyond).toBeLessThanOrEqual(0);
    await expect(starButton(page, index)).toBeInViewport();
    await starButton(page, index).click();
    const save = page.getByRole('button', { name: 'Save star' });
    await save.scrollIntoViewIfNeeded();
    await expect(save).toBeInViewport();
    await checkAccess(page);
    await page.keyboard.press('Escape');
    await page.goto('about:blank');
  }
});

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
