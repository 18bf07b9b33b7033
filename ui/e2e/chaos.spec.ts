// The server is stopped, paused and killed while one goes on starring: in the end every star stands in the journal once.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, open, rowAt, test } from './server';

const RECORDS = 320;
const STARS = 300;

function write(folder: string): string {
  const data = join(folder, 'many');
  mkdirSync(join(data, 'batches', 'output'), { recursive: true });
  const lines = Array.from({ length: RECORDS }, (_, i) =>
    JSON.stringify({
      id: `r-${i}`,
      custom_id: `q-${i}`,
      response: {
        status_code: 200,
        body: {
          model: 'm',
          choices: [{ index: 0, finish_reason: 'stop', message: { content: `Answer ${i}.` } }],
        },
      },
    }),
  );
  writeFileSync(join(data, 'batches', 'output', 'batch_001.jsonl'), `${lines.join('\n')}\n`);
  return data;
}

test.use({ prepare: async ({}, use) => use(write) });

test('300 stars by key, a server that comes and goes, 300 lines in the journal', async ({
  page,
  server,
  expected,
}) => {
  test.setTimeout(180_000);
  expected.push(/ERR_/, /status of 5\d\d/);
  const port = Number(new URL(server.url).port);
  const rest = page.waitForResponse((answer) => answer.url().includes('offset=200'));
  await open(page, server);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Home');
  const star = async (to: number) => {
    while (given < to) {
      await page.keyboard.press(String((given % 9) + 1));
      given++;
    }
  };
  let given = 0;

  await star(30);
  await server.stop();
  await star(70);
  await expect(page.getByRole('alert').filter({ hasText: 'not saved' })).toBeVisible();
  await server.start(port);
  await star(150);
  // The rest of the table has to be here before the server goes again.
  await rest;
  server.signal('SIGSTOP');
  await star(200);
  server.signal('SIGCONT');
  await star(230);
  server.signal('SIGKILL');
  await star(270);
  await server.start(port);
  await star(STARS);

  await expect(rowAt(page, STARS)).toHaveClass(/here/);
  const unsaved = page.getByRole('alert').filter({ hasText: 'not saved' });
  const lines = () =>
    readFileSync(join(server.folder, 'gold_star', 'starred.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { custom_id: string; id: string; quality_score: number });
  await expect.poll(() => lines().length, { timeout: 60_000 }).toBeGreaterThanOrEqual(STARS);
  await expect(unsaved).toBeHidden({ timeout: 30_000 });

  const stars = lines();
  expect(stars).toHaveLength(STARS);
  expect(new Set(stars.map(({ id }) => id)).size).toBe(STARS);
  const scores = new Map(stars.map(({ custom_id, quality_score }) => [custom_id, quality_score]));
  for (let i = 0; i < STARS; i++) expect(scores.get(`q-${i}`), `q-${i}`).toBe((i % 9) + 1);

  await page.reload();
  await expect(rowAt(page, STARS)).toHaveClass(/here/);
  await expect(unsaved).toBeHidden();
  expect(lines()).toHaveLength(STARS);
});
