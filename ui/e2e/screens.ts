// Every screen and dialog, and how one gets there from the open table: another one is a line here.
// axe looks at each of them in every kind of light (access.spec.ts).
import { expect, type Page } from '@playwright/test';
import type { Server } from './server';

export interface Screen {
  name: string;
  /** By key from the table, at a fresh record. */
  go: (page: Page, server: Server) => Promise<unknown>;
}

const press = (keys: string) => async (page: Page) => {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
};

const opened = (page: Page) => expect(page.getByRole('dialog')).toBeVisible();

export const screens: Screen[] = [
  { name: 'table', go: async (page) => expect(page.getByRole('grid')).toBeVisible() },
  {
    name: 'toast',
    go: async (page) => {
      await page.keyboard.press('9');
      await expect(page.locator('.toast').first()).toBeVisible();
    },
  },
  { name: 'star dialog', go: press('s 9') },
  {
    name: 'star dialog with tags',
    go: async (page) => {
      await press('s 9')(page);
      await page.keyboard.type('new-tag,');
    },
  },
  {
    name: 'inspector',
    go: async (page) => {
      await page.keyboard.press('o');
      await expect(page.locator('.markdown').first()).toBeVisible();
    },
  },
  {
    name: 'marks of a search',
    go: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('/[Cc]andidate/ the');
      await expect(page.locator('.preview mark').first()).toBeVisible();
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'mistake in a search',
    go: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('score:high');
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'nothing found',
    go: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('zzzzzzzz');
      await expect(page.getByRole('heading', { name: 'No record matches' })).toBeVisible();
    },
  },
  { name: 'first of two strokes', go: press('g') },
  {
    name: 'palette',
    go: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('unrev');
      await expect(page.getByRole('option').first()).toBeVisible();
    },
  },
  { name: 'key sheet', go: async (page) => press('?')(page).then(() => opened(page)) },
  {
    name: 'changing keys',
    go: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('button', { name: 'Change keys' }).click();
    },
  },
  { name: 'settings', go: async (page) => press('Control+,')(page).then(() => opened(page)) },
  {
    name: 'export menu',
    go: async (page) => {
      await press('g e')(page);
      await expect(page.getByRole('link', { name: 'All starred' })).toContainText('example');
    },
  },
  { name: 'charts', go: (page) => charts(page) },
  {
    name: 'charts by model, with a tip',
    go: async (page) => {
      await charts(page);
      await page.getByRole('button', { name: 'Model', exact: true }).click();
      await page.locator('a.mark').nth(2).focus();
      await expect(page.locator('.tip')).toBeVisible();
    },
  },
  {
    name: 'charts as tables',
    go: async (page) => {
      await charts(page);
      for (const table of await page.getByRole('button', { name: 'Table', exact: true }).all()) {
        await table.click();
      }
    },
  },
];

async function charts(page: Page) {
  await press('g c')(page);
  await expect(page.getByRole('article', { name: 'Tags over time' })).toBeVisible();
}

/** A few stars of two reviewers, so that there is something to see on each screen. */
export async function judge(server: Server): Promise<void> {
  const { models } = await server.get<{ models: { name: string }[] }>('/api/status');
  const { records } = await server.records('limit=40');
  for (const [i, row] of records.slice(20).entries()) {
    const good = row.outputs.filter(({ state }) => state === 'ok').slice(0, 2);
    for (const [j, { model }] of good.entries()) {
      await server.star(row, {
        model,
        quality_score: 1 + ((i * 3 + j * 2 + models.length) % 10),
        starred_by: j === 0 ? 'ada' : 'ben',
        tags: [['clear', 'terse', 'wrong fact'][i % 3]!],
      });
    }
  }
}
