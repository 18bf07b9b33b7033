// The inspector: whole outputs side by side, rendered, raw and as JSON, with their history.
import { expect, freshRows, grid, open, test } from './server';

test('shows prompt and every output, and follows the cursor', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 2);
  await open(page, server, index);
  await page.keyboard.press('Enter');
  const pane = page.getByRole('region', { name: 'Record', exact: true });
  await expect(pane.getByRole('heading', { level: 2 })).toHaveText(row.name);
  const detail = await server.record(row.custom_id);
  for (const { model } of detail.outputs) {
    await expect(pane.getByRole('article', { name: model })).toBeAttached();
  }
  await expect(pane).toContainText(`${detail.outputs[0]!.file}:${detail.outputs[0]!.line}`);
  await page.keyboard.press('j');
  const { records } = await server.records(`offset=${index + 1}&limit=1`);
  await expect(pane).toContainText(records[0]!.custom_id);
  await page.keyboard.press('Enter');
  await expect(pane).toBeHidden();
});

test('switches between read, raw and JSON', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('o');
  const detail = await server.record(row.custom_id);
  const output = detail.outputs.find((o) => o.state === 'ok')!;
  const article = page.getByRole('article', { name: output.model });
  await page.getByRole('button', { name: 'Raw', exact: true }).click();
  await expect.poll(() => article.locator('.plain').first().textContent()).toBe(output.text);
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  await expect(article).toContainText('output_hash');
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(article.locator('.markdown').first()).toBeVisible();
});

test('scores an output by click and writes its history', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('o');
  const output = (await server.record(row.custom_id)).outputs.find((o) => o.state === 'ok')!;
  const article = page.getByRole('article', { name: output.model });
  await article.getByRole('button', { name: 'Score 8' }).click();
  await expect(article.getByRole('button', { name: 'Score 8' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(page.getByRole('article', { name: 'History' })).toContainText('★ 8/10');
});

test('is resized by key, and remembers it', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('o');
  const edge = page.getByRole('separator');
  const before = Number(await edge.getAttribute('aria-valuenow'));
  await edge.focus();
  await page.keyboard.press('ArrowUp');
  await expect(edge).toHaveAttribute('aria-valuenow', String(before + 4));
  await page.reload();
  await expect(edge).toHaveAttribute('aria-valuenow', String(before + 4));
  await expect(grid(page)).toBeVisible();
});

test('shows what two outputs differ in, word by word, and any two of them', async ({
  page,
  server,
}) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('d');
  const pane = page.getByRole('article', { name: 'Differences' });
  await expect(pane.getByRole('status')).toContainText('added');
  const { outputs } = await server.record(row.custom_id);
  const [first, second] = outputs;
  const side = (without: string) =>
    pane.locator('.diff').evaluate(
      (diff, tag) =>
        [...diff.children]
          .filter(({ localName }) => localName !== tag)
          .map(({ textContent }) => textContent)
          .join(''),
      without,
    );
  expect(await side('ins')).toBe(first!.text);
  expect(await side('del')).toBe(second!.text);
  await pane.getByRole('button', { name: 'Swap the two' }).click();
  await expect.poll(() => side('ins')).toBe(second!.text);
  await page.keyboard.press('d');
  await expect(pane).toBeHidden();
});

test('opens and closes the JSON tree by key', async ({ page, server }) => {
  const { index } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('o');
  await page.keyboard.press('v');
  const tree = page.getByRole('tree').first();
  const root = tree.getByRole('treeitem').first();
  await root.focus();
  await expect(root).toHaveAttribute('aria-expanded', 'true');
  const all = await tree.getByRole('treeitem').count();
  await page.keyboard.press('ArrowLeft');
  await expect(tree.getByRole('treeitem')).toHaveCount(1);
  await page.keyboard.press('ArrowRight');
  await expect(tree.getByRole('treeitem')).toHaveCount(all);
  await page.keyboard.press('End');
  await expect(tree.getByRole('treeitem').last()).toBeFocused();
  await page.keyboard.press('Home');
  await expect(root).toBeFocused();
});

test('puts two outputs side by side, each other one in turn, and all again', async ({
  page,
  server,
}) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('o');
  const { outputs } = await server.record(row.custom_id);
  const [one, two, three] = outputs.map(({ model }) => page.getByRole('article', { name: model }));
  expect(outputs).toHaveLength(3);
  await page.keyboard.press(']');
  await expect(two!).toBeVisible();
  await expect(three!).toHaveCount(0);
  await page.keyboard.press(']');
  await expect(two!).toHaveCount(0);
  await expect(three!).toBeVisible();
  await expect(one!).toBeVisible();
  await page.keyboard.press(']');
  for (const article of [one!, two!, three!]) await expect(article).toBeAttached();
  await page.keyboard.press('[');
  await expect(two!).toHaveCount(0);
});

test('finds in the record, counts and goes from match to match', async ({ page, server }) => {
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('Control+Shift+F');
  const search = page.getByRole('searchbox', { name: 'Find in this record' });
  await expect(search).toBeFocused();
  const { outputs, prompt } = await server.record(row.custom_id);
  const word = 'the';
  const good = outputs.filter(({ state }) => state === 'ok');
  await expect(page.locator('.markdown')).toHaveCount(good.length);
  await page.keyboard.type(word);
  const texts = [...prompt.map(({ content }) => content), ...outputs.map((o) => o.error ?? o.text)];
  const least = texts.join('\n').toLowerCase().split(word).length - 1;
  const status = page.getByRole('search', { name: 'Find in this record' }).getByRole('status');
  await expect(status).toHaveText(new RegExp(`^1 of ${least}$`));
  await page.keyboard.press('Enter');
  await expect(status).toHaveText(/^2 of/);
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await expect(status).toHaveText(`${least} of ${least}`);
  await page.keyboard.press('Escape');
  await expect(search).toBeHidden();
  await expect(grid(page)).toBeFocused();
});

test('copies the id and a link that names the record', async ({ page, context, server }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { index, row } = await freshRows(server);
  await open(page, server, index);
  await page.keyboard.press('o');
  const clip = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Copy id' }).click();
  await expect.poll(clip).toBe(row.custom_id);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect.poll(clip).toBe(`${server.url}/#id=${encodeURIComponent(row.custom_id)}`);
});

test('asks for the neighbours and the next unreviewed record before they are wanted', async ({
  page,
  server,
}) => {
  const { index } = await freshRows(server, 4);
  const { records } = await server.records(`offset=${index}&limit=4`);
  for (const row of records.slice(1, 3)) await server.star(row, {});
  const asked = new Set<string>();
  page.on('request', (request) => {
    const id = /\/api\/records\/([^?]+)/.exec(request.url())?.[1];
    if (id) asked.add(decodeURIComponent(id));
  });
  await open(page, server, index);
  await page.keyboard.press('o');
  for (const { custom_id } of [records[0]!, records[1]!, records[3]!]) {
    await expect.poll(() => asked.has(custom_id)).toBe(true);
  }
  await page.keyboard.press('n');
  await expect(page.getByRole('region', { name: 'Record', exact: true })).toContainText(
    records[3]!.custom_id,
  );
});
