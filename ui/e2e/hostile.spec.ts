// Whatever stands in content, names, tags, notes, reviewers and models, and wherever it is shown, nothing of it runs.
import type { Page } from '@playwright/test';
import { written } from '../src/state/clauses';
import { attacks, BATCH, batches, checkUnharmed, idOf, starAll, tagOf, write } from './attacks';
import { expect, grid, open, rowAt, test } from './server';

/** The names of what is on the screen, for whoever cannot see it. */
const labels = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent));

const HALF = Math.ceil(attacks.length / 2);

test.describe('every attack', () => {
  test.use({ prepare: async ({}, use) => use(write) });

  // Half of them at a time: there are many.
  for (const from of [0, HALF]) {
    const some = attacks.slice(from, from + HALF);
    test(`is shown as text in table, inspector, strip and messages, from ${from} on`, async ({
      page,
      server,
    }) => {
      test.setTimeout(300_000);
      expect(attacks.length).toBeGreaterThanOrEqual(200);
      await starAll(server);
      await open(page, server, from);
      await page.getByText('Advance', { exact: true }).click();
      await page.keyboard.press('o');
      const pane = page.getByRole('region', { name: 'Record', exact: true });
      for (const [at, attack] of some.entries()) {
        const i = from + at;
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

    test(`is shown as text in dialog, menu and search, from ${from} on`, async ({
      page,
      server,
    }) => {
      test.setTimeout(300_000);
      await starAll(server);
      await open(page, server, from);
      const dialog = page.getByRole('dialog');
      // From the first cell a star is for the first good output, whichever model's.
      await page.keyboard.press('Home');
      for (const attack of some) {
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
  }

  test('is shown as text in charts, their names, tips and tables', async ({ page, server }) => {
    test.setTimeout(300_000);
    await starAll(server, tagOf);
    const scores = page.getByRole('article', { name: 'Scores', exact: true });
    for (const { name, attacks } of batches) {
      await page.goto(`${server.url}/#page=charts&q=file:${name}`);
      await expect(page.locator('#charts header code')).toHaveText(`file:${name}`);
      for (const split of ['Reviewer', 'Tag', 'Model']) {
        await scores.getByRole('button', { name: split, exact: true }).click();
        await checkUnharmed(page, `charts by ${split}: ${name}`);
        const { named, told } = await scores.evaluate(async (article) => {
          const [named, told] = [new Set<string>(), new Set<string>()];
          for (const mark of article.querySelectorAll<SVGAElement>('a.mark')) {
            named.add(mark.getAttribute('aria-label') ?? '');
            mark.focus();
            await new Promise(requestAnimationFrame);
            told.add(article.querySelector('.tip bdi')?.textContent ?? '');
          }
          return { named: [...named], told: [...told] };
        });
        expect(told).toEqual(named);
        if (split === 'Model') continue;
        for (const attack of attacks) {
          expect(named.filter((text) => text.startsWith(`${tagOf(attack)}: `))).not.toEqual([]);
        }
        await checkUnharmed(page, `tips by ${split}: ${name}`);
      }
      const tables = page.getByRole('button', { name: 'Table', exact: true });
      for (const table of await tables.all()) await table.click();
      await checkUnharmed(page, `tables: ${name}`);
      for (const table of await tables.all()) await table.click();
    }
  });

  test('is shown as text among filters and completions', async ({ page, server }) => {
    test.setTimeout(300_000);
    await starAll(server, tagOf);
    await open(page, server);
    const box = page.getByRole('combobox', { name: 'Search' });
    const rail = page.getByRole('complementary', { name: 'Filters' });
    for (const { name, attacks } of batches) {
      await box.fill(`file:${name}`);
      await box.press('Enter');
      // Filters are many: the rest of them is asked for.
      await expect
        .poll(async () => {
          await rail
            .getByRole('button', { name: / more$/ })
            .evaluateAll((all) => all.forEach((more) => (more as HTMLElement).click()));
          const filters = await labels(page, 'aside button.value');
          const isThere = (text: string) =>
            filters.filter((filter) => filter?.startsWith(`${text}, `)).length;
          // Once as a tag and once as a reviewer.
          return attacks.filter((attack) => isThere(tagOf(attack)) < 2);
        })
        .toEqual([]);
      await checkUnharmed(page, `filters: ${name}`);
      for (const field of ['by', 'finish', 'model']) {
        await box.fill(`file:${name} ${field}:`);
        const offers = page.getByRole('listbox', { name: 'Completions' }).getByRole('option');
        await expect(offers.first()).toBeVisible();
        const least = field === 'by' ? new Set(attacks.map(tagOf)).size : 1;
        await expect.poll(() => offers.count()).toBeGreaterThanOrEqual(least);
        await checkUnharmed(page, `completions of ${field}: ${name}`);
        await box.press('Escape');
        await expect(offers).toHaveCount(0);
      }
      const clause = written('tag', tagOf(attacks[0]!));
      await box.fill(clause);
      await box.press('Enter');
      await expect(page.getByRole('button', { name: `Remove ${clause}` })).toBeVisible();
      await checkUnharmed(page, `clauses: ${name}`);
    }
  });

  test('is shown as text in the palette', async ({ page, server }) => {
    test.setTimeout(300_000);
    await starAll(server);
    await open(page, server);
    // What was asked for is offered again.
    for (const attack of attacks.slice(0, 5)) {
      await page.getByRole('combobox', { name: 'Search' }).fill(JSON.stringify(attack));
      await page.keyboard.press('Enter');
      await expect(grid(page)).toBeFocused();
    }
    const field = page.getByRole('combobox', { name: 'Commands' });
    const foot = page.getByRole('dialog').getByRole('status');
    await page.keyboard.press('Control+k');
    await expect(field).toBeFocused();
    await checkUnharmed(page, 'palette');
    for (const begun of new Set(attacks.map((attack) => attack.slice(0, 2).trim()))) {
      await field.fill(begun);
      await expect(foot).not.toContainText('Looking for records');
      await checkUnharmed(page, `palette: ${begun}`);
    }
    await field.fill(attacks[0]!);
    await expect(page.getByRole('option').filter({ hasText: attacks[0]! }).first()).toBeVisible();
  });

  test('is shown as text in the dialog for many, the menus and the list of columns', async ({
    page,
    server,
  }) => {
    test.setTimeout(300_000);
    await open(page, server);
    const dialog = page.getByRole('dialog', { name: 'Star many outputs' });
    for (const [n, batch] of batches.entries()) {
      await page.getByRole('combobox', { name: 'Search' }).fill(`file:${batch.name}`);
      await page.keyboard.press('Enter');
      await expect(rowAt(page, 0).locator('.name')).toContainText(`${n * BATCH}-`);
      await page.keyboard.press('Control+a');
      await page.keyboard.press('5');
      await dialog.getByRole('combobox', { name: 'Tags' }).fill(`${tagOf(batch.attacks[0]!)},`);
      await expect(dialog.getByRole('listitem').first()).toBeVisible();
      await expect(dialog.getByRole('button', { name: /^★ Star \d+ output/ })).toBeEnabled();
      await checkUnharmed(page, `dialog for many: ${batch.name}`);
      await page.keyboard.press('Control+Enter');
      await expect(dialog).toBeHidden();
      await checkUnharmed(page, `what was done to many: ${batch.name}`);
    }
    const columns = await page.getByRole('columnheader').count();
    await page.keyboard.press('Home');
    for (let column = 1; column < columns; column++) {
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('c');
      await checkUnharmed(page, `menu of column ${column}`);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'Columns' })).toContainText('<img src=x');
    await checkUnharmed(page, 'list of columns');
  });

  test('is shown as text where stars of two places are compared', async ({ page, server }) => {
    test.setTimeout(300_000);
    await starAll(server, () => 'user');
    const { collection } = await server.get<{ collection: string }>('/api/status');
    const { records } = await server.records('limit=500');
    // Stars that waited in this browser while others were given elsewhere.
    const waiting = records.map(({ custom_id, name, outputs }, i) => {
      const { model } = outputs.find(({ state }) => state === 'ok')!;
      const id = `01ARYZ6S41TSV4RRFFQ6${String(i).padStart(6, '0')}`;
      const notes = `${attacks[i]!} here`;
      const star = { model, choice: 0, quality_score: 7, tags: [tagOf(attacks[i]!)], notes, id };
      const whole = { ...star, starred_by: 'user', starred_at: '', kind: 'human', stale: false };
      const target = { custom_id, name, model, choice: 0 };
      return { id, collection, target, star: whole, by: 'user' };
    });
    await page.addInitScript(
      (acts) => localStorage.setItem('goldstar.unsent', acts),
      JSON.stringify(waiting),
    );
    await open(page, server);
    const told = page.getByText(`${attacks.length} outputs judged elsewhere`).first();
    await expect(told).toBeVisible({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Compare…' }).click();
    const dialog = page.getByRole('dialog', { name: /Judged in two places/ });
    for (const left of attacks.keys()) {
      await expect(dialog.locator('.notes').first()).toContainText('here');
      await checkUnharmed(page, `compared: ${attacks.length - left} are left`);
      await dialog.getByRole('button', { name: 'Keep theirs' }).click();
    }
    await expect(dialog).toBeHidden();
  });
});
