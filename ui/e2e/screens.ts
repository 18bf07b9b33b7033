// Every screen and dialog, and how one gets there from the open table: another one is a line here.
// axe looks at each of them in every kind of light (access.spec.ts).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Row, Status } from '../src/api/types';
import type { Server } from './server';

export interface Screen {
  name: string;
  /** From the table, at a fresh record, until it stands there. */
  go: (page: Page, server: Server, row: Row) => Promise<unknown>;
  /** It goes by itself: what brings it back. */
  again?: (page: Page) => Promise<unknown>;
}

const press = async (page: Page, keys: string) => {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
};

const seen = (locator: Locator) => expect(locator.first()).toBeVisible();

/** Keys that open a dialog. */
const dialog = (keys: string) => async (page: Page) => {
  await press(page, keys);
  await seen(page.getByRole('dialog'));
};

const toast = async (page: Page) => {
  await page.keyboard.press('9');
  await seen(page.locator('.toast'));
};

const firstStroke = async (page: Page) => {
  await page.keyboard.press('g');
  await seen(page.getByText('G, then:'));
};

export const screens: Screen[] = [
  { name: 'table', go: (page) => seen(page.getByRole('grid')) },
  { name: 'toast', go: toast, again: toast },
  {
    name: 'who is here',
    go: async (page, server, row) => {
      await server.visit('ben', row);
      await seen(page.getByText('ben is here'));
      await page.getByRole('button', { name: /people here:/ }).click();
      await seen(page.getByRole('button', { name: /which ben reviews$/ }));
    },
  },
  { name: 'star dialog', go: dialog('s 9') },
  {
    name: 'star dialog with tags',
    go: async (page) => {
      await dialog('s 9')(page);
      await page.keyboard.type('new-tag,');
      await seen(page.getByRole('button', { name: 'Remove tag new-tag' }));
    },
  },
  {
    name: 'recent sets of tags',
    go: async (page) => {
      await dialog('s 8')(page);
      await page.keyboard.type('senior, tech');
      await page.keyboard.press('Control+Enter');
      await expect(page.getByRole('dialog')).toBeHidden();
      await page.keyboard.press('s');
      await seen(page.getByRole('group', { name: 'Recent sets of tags' }));
    },
  },
  {
    name: 'last decisions',
    go: async (page) => {
      const decisions = page.getByRole('region', { name: 'My last decisions' });
      await press(page, '9 7');
      await seen(decisions.getByRole('button', { name: /★ 9/ }));
      await page.keyboard.press('u');
      await seen(decisions.locator('button.undone'));
    },
  },
  {
    name: 'judged in two places',
    go: async (page, server, row) => {
      await page.keyboard.press('9');
      await expect
        .poll(async () => (await server.record(row.custom_id)).stars.length, { intervals: [20] })
        .toBe(1);
      await page.route('**/api/undo', async (route) => {
        await server.star(row, { quality_score: 4, starred_by: 'user', notes: 'elsewhere' });
        await route.continue();
      });
      await page.keyboard.press('u');
      await seen(page.getByRole('dialog', { name: /Judged in two places/ }));
      await page.unroute('**/api/undo');
    },
  },
  {
    name: 'blind',
    go: async (page) => {
      await page.route('**/api/status*', async (route) => {
        const answer = await route.fetch();
        const json = { ...(await answer.json()), blind: { scores: true, models: true } };
        await route.fulfill({ response: answer, json });
      });
      await page.reload();
      await seen(page.getByRole('columnheader', { name: 'Output A' }));
      await page.getByRole('button', { name: 'Blind' }).focus();
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    },
  },
  {
    name: 'what sways scores',
    go: async (page, server) => {
      await sway(server);
      await press(page, 'g r');
      await seen(page.getByRole('article', { name: 'First column' }));
      await seen(page.getByRole('article', { name: 'Your own scores again' }));
    },
  },
  {
    name: 'selection',
    go: async (page) => {
      await press(page, 'x Shift+ArrowDown');
      await seen(page.getByText('2 selected'));
    },
  },
  {
    name: 'dialog for many',
    go: async (page) => {
      await press(page, 'x Shift+ArrowDown 8');
      await seen(page.getByText('2 outputs of 2 records will be starred.'));
    },
  },
  {
    name: 'menu of a column',
    go: async (page) => {
      await dialog('c')(page);
      await seen(page.getByRole('dialog').getByRole('button', { name: /characters: \d/ }));
    },
  },
  {
    name: 'list of columns',
    go: async (page) => {
      await page.getByRole('button', { name: 'Columns', exact: true }).click();
      await seen(page.getByRole('dialog', { name: 'Columns' }));
    },
  },
  {
    name: 'sheet of filters',
    go: async (page) => {
      // Only a narrow page has it.
      if (page.viewportSize()!.width > 720) await page.setViewportSize({ width: 390, height: 844 });
      await expect(page.getByRole('complementary', { name: 'Filters' })).toBeHidden();
      await dialog('f')(page);
      await seen(page.getByRole('dialog').getByRole('button', { name: /^Unreviewed/ }));
    },
  },
  {
    name: 'inspector',
    go: async (page) => {
      await page.keyboard.press('o');
      await seen(page.locator('.markdown'));
    },
  },
  {
    name: 'JSON as a tree',
    go: async (page) => {
      await press(page, 'o v');
      await seen(page.getByRole('treeitem'));
    },
  },
  {
    name: 'differences',
    go: async (page) => {
      await page.keyboard.press('d');
      await seen(page.locator('.diff ins'));
    },
  },
  {
    name: 'finding in a record',
    go: async (page) => {
      await page.keyboard.press('Control+Shift+F');
      await seen(page.locator('.markdown'));
      await page.keyboard.type('the');
      await seen(page.getByRole('search', { name: 'Find in this record' }).getByText(/^1 of \d/));
    },
  },
  {
    name: 'completions',
    go: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('tag:');
      await seen(page.getByRole('listbox', { name: 'Completions' }).getByRole('option'));
    },
  },
  {
    name: 'suggestion in table, inspector and star dialog',
    go: async (page, server, row) => {
      const star = { quality_score: 8, tags: ['clear'], notes: 'Names the gap.' };
      await server.star(row, { ...star, starred_by: 'judge-bot', kind: 'agent' });
      await expect(page.locator('.mark.suggested').first()).toBeVisible();
      await page.keyboard.press('o');
      await expect(page.locator('.suggestion').first()).toBeVisible();
      await page.keyboard.press('s');
    },
  },
  {
    name: 'marks of a search',
    go: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('/[Cc]andidate/ the');
      await seen(page.locator('.preview mark'));
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'mistake in a search',
    go: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('score:high');
      await seen(page.getByRole('alert'));
    },
  },
  {
    name: 'nothing found',
    go: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('zzzzzzzz');
      await seen(page.getByRole('heading', { name: 'No record matches' }));
    },
  },
  { name: 'first of two strokes', go: firstStroke, again: firstStroke },
  {
    name: 'palette',
    go: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('unrev');
      await seen(page.getByRole('option'));
    },
  },
  { name: 'key sheet', go: dialog('?') },
  {
    name: 'changing keys',
    go: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('button', { name: 'Change keys' }).click();
      await seen(page.getByRole('button', { name: 'Reset all keys' }));
    },
  },
  { name: 'settings', go: dialog('Control+,') },
  {
    name: 'lines that could not be read',
    go: async (page, server) => {
      writeFileSync(join(server.folder, 'batches', 'output', 'batch_999.jsonl'), 'no line\n');
      const blemishes = async () => (await server.get<Status>('/api/status')).blemishes;
      await expect.poll(blemishes, { intervals: [50] }).toBe(1);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('lines that could not be read');
      await page.keyboard.press('Enter');
      await seen(page.getByRole('dialog').getByRole('listitem'));
    },
  },
  {
    name: 'export menu',
    go: async (page) => {
      await press(page, 'g e');
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
      await seen(page.locator('.tip'));
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
  {
    name: 'agreement',
    go: async (page, server) => {
      await agreement(page, server);
    },
  },
  {
    name: 'agreement as tables, with a tip',
    go: async (page, server) => {
      await agreement(page, server);
      for (const name of ['Reviewers', 'How far apart']) {
        const figure = page.getByRole('article', { name, exact: true });
        await figure.getByRole('button', { name: 'Table', exact: true }).click();
      }
      const pairs = page.getByRole('article', { name: 'Pairs of reviewers' });
      await pairs.locator('a.mark').first().focus();
      await expect(pairs.locator('.tip')).toBeVisible();
    },
  },
];

async function agreement(page: Page, server: Server) {
  await disagree(server);
  await press(page, 'g r');
  await expect(page.getByRole('article', { name: 'Disputed outputs' })).toBeVisible();
}

/** A reviewer who gives more to what stands first, and judges everything twice. */
async function sway(server: Server): Promise<void> {
  const { records } = await server.records('limit=12');
  for (const [i, row] of records.entries()) {
    const outputs = row.outputs.filter(({ state }) => state === 'ok');
    for (const [at, { model }] of outputs.entries()) {
      const blind = { seed: 1, place: at + 1, of: outputs.length };
      const star = { model, starred_by: 'ada', blind };
      await server.star(row, { ...star, quality_score: 4 + (i % 3) });
      const again = { ...star, quality_score: (at === 0 ? 7 : 4) + (i % 2), reshown: true };
      await server.star(row, again);
    }
  }
}

/** Three reviewers of the same outputs, of whom one is harsh. */
export async function disagree(server: Server): Promise<void> {
  const { records } = await server.records('limit=200');
  const answered = records.filter(({ outputs }) => outputs.some(({ state }) => state === 'ok'));
  for (const [i, row] of answered.slice(-24).entries()) {
    const score = 4 + (i % 7);
    await server.star(row, { quality_score: score, starred_by: 'ada' });
    await server.star(row, { quality_score: Math.min(10, score + (i % 2)), starred_by: 'ben' });
    await server.star(row, { quality_score: Math.max(1, score - 4), starred_by: 'cleo' });
  }
}

async function charts(page: Page) {
  await press(page, 'g c');
  await seen(page.getByRole('article', { name: 'Tags over time' }));
}

/** A few stars of two reviewers, so that there is something to see on each screen. */
export async function judge(server: Server): Promise<void> {
  const { models } = await server.get<{ models: { name: string }[] }>('/api/status');
  const { records } = await server.records('limit=40');
  const stars = records.slice(20).flatMap((row, i) =>
    row.outputs
      .filter(({ state }) => state === 'ok')
      .slice(0, 2)
      .map(({ model }, j) =>
        server.star(row, {
          model,
          quality_score: 1 + ((i * 3 + j * 2 + models.length) % 10),
          starred_by: j === 0 ? 'ada' : 'ben',
          tags: [['clear', 'terse', 'wrong fact'][i % 3]!],
        }),
      ),
  );
  await Promise.all(stars);
}
