// Who is signed in: the way in and out, another site's page, and a token that is revoked while the page is open.
import { execFileSync } from 'node:child_process';
import { createServer, type Server as Http } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { checkAccess } from './axe';
import { expect, grid, rowAt, type Server, starButton, test } from './server';

const goldstar = (...words: string[]) =>
  execFileSync(process.env.GOLDSTAR_BIN ?? '', words, { encoding: 'utf8' });

const add = (server: Server, name: string, role = 'reviewer'): string => {
  const said = goldstar('reviewer', 'add', name, '--role', role, '--json', '--data', server.folder);
  return (JSON.parse(said) as { token: string }).token;
};

const revoke = (server: Server, name: string) =>
  goldstar('reviewer', 'revoke', name, '--data', server.folder);

type Three = [string, string, string];

const field = (page: Page) => page.getByLabel('Token');

async function signIn(page: Page, token: string) {
  await field(page).fill(token);
  await page.keyboard.press('Enter');
  await expect(page.locator('[role=row].here')).toBeVisible();
  // Until its record is here, a digit only says so.
  await expect(grid(page)).toHaveAttribute('aria-busy', 'false');
  await expect(page.getByRole('contentinfo')).toContainText('live');
  await expect(page.getByRole('button', { name: 'Signed in as' })).toBeVisible();
}

/** The stars of a record, as somebody with a token sees them. */
async function stars(server: Server, token: string, custom_id: string) {
  const path = `/api/records/${encodeURIComponent(custom_id)}`;
  const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
  const { stars } = (await answer.json()) as {
    stars: { starred_by: string; quality_score: number }[];
  };
  return stars.map((star) => `${star.starred_by} ${star.quality_score}`);
}

test.beforeEach(({ expected }) => void expected.push(/status of 40[13]/));

test('signs in, stars under that name, and out again', async ({ page, server }) => {
  const { records } = await server.records('limit=1');
  const token = add(server, 'ada');
  await page.goto(`${server.url}/?a=b#row=1`);
  await expect(page).toHaveURL(/\/sign-in\?to=\/%3Fa%3Db#row=1$/);
  await expect(field(page)).toBeFocused();
  await field(page).fill('gs_wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Nobody has this token');
  await signIn(page, token);
  // The first row needs no mark in the address; the page takes it out.
  await expect(page).toHaveURL(/\/\?a=b/);
  await expect(grid(page)).toBeFocused();
  await expect(page.getByLabel('Reviewing as')).toBeHidden();
  await page.keyboard.press('9');
  await expect(starButton(page, 0)).toHaveText('★ 9/10');
  await expect.poll(() => stars(server, token, records[0]!.custom_id)).toEqual(['ada 9']);
  await page.reload();
  await expect(starButton(page, 0)).toHaveText('★ 9/10');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await page.getByRole('button', { name: 'Signed in as ada' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(field(page)).toBeVisible();
  await page.goto(server.url);
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a viewer looks and cannot star', async ({ page, server }) => {
  const token = add(server, 'vi', 'viewer');
  await page.goto(server.url);
  await signIn(page, token);
  await expect(page.getByRole('contentinfo')).toContainText('read only');
  await expect(grid(page)).toBeFocused();
  await expect(page.getByRole('button', { name: /^Star / })).toHaveCount(0);
  await page.keyboard.press('9');
  await page.reload();
  await expect(rowAt(page, 0)).toHaveClass(/here/);
  await expect(page.getByText('★ 9/10')).toHaveCount(0);
});

test('a token that is revoked ends the page, and what was not sent waits for its own', async ({
  page,
  server,
  expected,
}) => {
  test.setTimeout(60_000);
  expected.push(/ERR_FAILED/);
  const { records } = await server.records('limit=1');
  const id = records[0]!.custom_id;
  const [ada, bo, eve] = ['ada', 'bo', 'eve'].map((name) => add(server, name)) as Three;
  await page.goto(server.url);
  await signIn(page, ada);
  await expect(grid(page)).toBeFocused();
  await page.route('**/api/gold-star', (route) => route.abort('failed'));
  await page.keyboard.press('8');
  await expect(page.getByRole('alert').filter({ hasText: 'not saved' })).toBeVisible();
  revoke(server, 'ada');
  await expect(page).toHaveURL(/\/sign-in/, { timeout: 15_000 });
  await page.unroute('**/api/gold-star');
  await signIn(page, bo);
  await expect(page.getByRole('button', { name: 'Signed in as bo' })).toBeVisible();
  await expect(page.getByText('★ 8/10')).toHaveCount(0);
  expect(await stars(server, bo, id)).toEqual([]);
  revoke(server, 'bo');
  // Nobody touches the page: it hears of it.
  await expect(page).toHaveURL(/\/sign-in/, { timeout: 15_000 });
  await signIn(page, add(server, 'ada'));
  await expect(starButton(page, 0)).toHaveText('★ 8/10');
  await expect.poll(() => stars(server, eve, id)).toEqual(['ada 8']);
});

test.describe('another site', () => {
  let site: Http;
  let origin: string;

  test.beforeEach(async () => {
    site = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html');
      answer.end('<!doctype html><title>elsewhere</title>');
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    origin = `http://localhost:${(site.address() as AddressInfo).port}`;
  });

  test.afterEach(() => void site.close());

  test('can neither read nor write', async ({ browser, server }) => {
    const { records } = await server.records('limit=1');
    const id = records[0]!.custom_id;
    const ada = add(server, 'ada', 'admin');
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.url);
    await signIn(page, ada);
    await page.goto(origin);
    const tried = await page.evaluate(
      async ([url, id]) => {
        const attempt = async (path: string, options: RequestInit) => {
          try {
            const answer = await fetch(url + path, { credentials: 'include', ...options });
            return `${answer.type} ${(await answer.text()).length}`;
          } catch {
            return 'refused';
          }
        };
        const star = JSON.stringify({ custom_id: id, quality_score: 9 });
        const post = { method: 'POST', body: star };
        const picture = await new Promise((done) => {
          const image = new Image();
          image.onload = () => done('shown');
          image.onerror = () => done('refused');
          image.src = `${url}/api/export-gold-star`;
        });
        const frame = document.createElement('iframe');
        frame.src = `${url}/`;
        document.body.append(frame);
        await new Promise((done) => (frame.onload = done));
        let framed = 'refused';
        try {
          framed = frame.contentDocument?.body.textContent ? 'read' : 'refused';
        } catch {
          // The browser says no.
        }
        return [
          await attempt('/api/status', {}),
          await attempt('/api/records', { mode: 'no-cors' }),
          await attempt('/api/gold-star', post),
          await attempt('/api/gold-star', { ...post, mode: 'no-cors' }),
          await attempt('/api/sign-out', { method: 'POST', mode: 'no-cors' }),
          picture,
          framed,
        ];
      },
      [server.url, id] as const,
    );
    expect(tried).toEqual(tried.map(() => 'refused'));
    // A form, too.
    await page.setContent(
      `<form method="post" enctype="text/plain" action="${server.url}/api/gold-star">
         <input name='{"custom_id":"${id}","quality_score":9,"notes":"' value='"}'></form>`,
    );
    await page.evaluate(() => document.forms[0]!.submit());
    await page.waitForURL(/api\/gold-star/);
    await expect(page.locator('body')).toContainText('403');
    expect(await stars(server, ada, id)).toEqual([]);
    // The session is still there: nobody was signed out.
    await page.goto(server.url);
    await expect(grid(page)).toBeVisible();
    await context.close();
  });
});

async function check(page: Page, name: string) {
  await checkAccess(page, name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
  const pictures = process.env.GOLDSTAR_PICTURES;
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('signing in has no barrier, on a small window too', async ({ page, server }) => {
      const token = add(server, 'ada');
      await page.setViewportSize({ width: 390, height: 600 });
      await page.goto(server.url);
      await field(page).fill('gs_wrong');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert')).not.toBeEmpty();
      await check(page, `sign-in-${colorScheme}`);
      await signIn(page, token);
      await page.getByRole('button', { name: 'Signed in as ada' }).click();
      await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
      await check(page, `signed-in-${colorScheme}`);
    });
  });
}
