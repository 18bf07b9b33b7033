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
  await expect(article).toContainText('"output_hash"');
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
