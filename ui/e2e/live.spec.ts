// What others do appears by itself; a lost server is said and found again.
import { expect, freshRows, open, rowAt, starButton, test } from './server';

test('another reviewer’s star appears and the cursor stays', async ({ page, server }) => {
  const { index, row } = await freshRows(server, 2);
  await open(page, server, index + 1);
  await expect(page.getByText('live', { exact: false }).last()).toBeVisible();
  await server.star(row, { quality_score: 7, starred_by: 'alice' });
  await expect(starButton(page, index)).toHaveText('★ 7/10');
  await expect(rowAt(page, index + 1)).toHaveClass(/here/);
});

test('says when the server is lost, and goes on when it is back', async ({
  page,
  server,
  expected,
}) => {
  expected.push(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY/);
  const { index } = await freshRows(server);
  await open(page, server, index);
  const foot = page.getByRole('contentinfo');
  await expect(foot).toContainText('live');
  const port = Number(new URL(server.url).port);
  await server.stop();
  await expect(foot).toContainText('reconnecting');
  await page.keyboard.press('9');
  await expect(page.getByRole('alert').filter({ hasText: '1 star not saved' })).toBeVisible();
  await expect(starButton(page, index)).toHaveAccessibleName(/not saved yet$/);
  await server.start(port);
  await expect(foot).toContainText('live', { timeout: 15_000 });
  await expect(starButton(page, index)).toHaveText('★ 9/10');
});
