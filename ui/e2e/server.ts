// Each test's own collection and server, and a page on which any error, policy violation or foreign request fails.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { Page as Records, RecordDetail, Row, StarRequest, Status } from '../src/api/types';

export { expect };

export class Server {
  url = '';
  readonly folder: string;
  #process: ChildProcess | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  async start(port = 0): Promise<void> {
    const child = spawn(binary(), ['serve', '--data', this.folder, '--port', String(port)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.url = await addressFrom(child);
    await this.#until(({ catalog }) => catalog.state === 'ready');
  }

  /** Waits until the index of words is there, too. */
  indexed(): Promise<void> {
    return this.#until(({ search }) => search.state === 'ready');
  }

  async #until(isSo: (status: Status) => boolean): Promise<void> {
    const look = async () => isSo(await this.get<Status>('/api/status'));
    await expect.poll(look, { timeout: 20_000, intervals: [20] }).toBe(true);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(late);
  }

  /** Sends the server a signal, as an operator or a failing machine would. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.#process?.kill(name);
    if (name === 'SIGKILL') this.#process = undefined;
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path);
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as T;
  }

  /** Stars the record's first good output, past the page. */
  async star(row: Row, star: Partial<StarRequest>): Promise<void> {
    const output = row.outputs.find((o) => o.state === 'ok');
    const { custom_id } = row;
    const body = { custom_id, quality_score: 5, model: output?.model, ...star };
    const answer = await fetch(`${this.url}/api/gold-star`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
  }

  /** Somebody who has a page open elsewhere, until the server stops, and a record before them. */
  async visit(name: string, row: Row): Promise<void> {
    const heard = await fetch(`${this.url}/api/events?reviewer=${name}`);
    void heard.text().catch(() => undefined);
    const answer = await fetch(`${this.url}/api/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ custom_id: row.custom_id, starred_by: name }),
    });
    expect(await answer.json()).toMatchObject({ claimed: true });
  }

  record(custom_id: string): Promise<RecordDetail> {
    return this.get(`/api/records/${encodeURIComponent(custom_id)}`);
  }

  records(query: string): Promise<Records> {
    return this.get(`/api/records?${query}`);
  }
}

interface OfWorker {
  /** A demo and its index, made once and copied for each test. */
  demo: string;
}

interface Fixtures {
  /** An empty folder, removed after the test. */
  folder: string;
  /** Makes the collection below the folder and answers with its path: a demo unless a test says otherwise. */
  prepare: (folder: string) => string;
  /** A server on that collection. */
  server: Server;
  /** Messages the test expects in the console; all others fail it. */
  expected: RegExp[];
  /** Has stars refused with a status and a reason, past the server; answers with how to let them through again. */
  refuse: (status: number, detail: string) => Promise<() => void>;
}

/** Has a folder of its own used, and removes it. */
async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'goldstar-e2e-'));
  await use(folder);
  rmSync(folder, { recursive: true, force: true });
}

export const test = base.extend<Fixtures, OfWorker>({
  demo: [
    ({}, use) =>
      withFolder(async (folder) => {
        const data = join(folder, 'demo');
        execFileSync(binary(), ['demo', data, '--records', '500', '--models', '3', '--seed', '7']);
        const server = new Server(data);
        await server.start();
        await server.indexed();
        await server.stop();
        await use(data);
      }),
    { scope: 'worker' },
  ],

  folder: ({}, use) => withFolder(use),

  prepare: async ({ demo }, use) => {
    // The index is only as good as the times of the batches.
    await use((folder) => {
      execFileSync('cp', ['-a', demo, folder]);
      return join(folder, 'demo');
    });
  },

  server: async ({ folder, prepare }, use) => {
    const server = new Server(prepare(folder));
    await server.start();
    await use(server);
    await server.stop();
  },

  expected: async ({}, use) => {
    await use([]);
  },

  refuse: async ({ page, expected }, use) => {
    await use(async (status, detail) => {
      expected.push(new RegExp(`status of ${status}`));
      let refused = true;
      await page.route('**/api/gold-star', (route) =>
        refused
          ? route.fulfill({
              status,
              contentType: 'application/problem+json',
              body: JSON.stringify({ title: 'Refused', status, detail }),
            })
          : route.continue(),
      );
      return () => (refused = false);
    });
  },

  // The server comes first, so that the page is judged and closed before the server stops.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  page: async ({ server: _server, page, expected }, use) => {
    const seen: string[] = [];
    const origins = new Set<string>();
    page.on('console', (message) => {
      if (message.type() === 'error') seen.push(message.text());
    });
    page.on('pageerror', (error) => seen.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'blob:') origins.add(origin);
    });
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (e) => {
        console.error(`policy violation: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`);
      });
    });
    await use(page);
    expect(seen.filter((text) => !expected.some((e) => e.test(text)))).toEqual([]);
    expect([...origins].every((origin) => /^http:\/\/127\.0\.0\.1:\d+$/.test(origin))).toBe(true);
    expect(origins.size).toBeLessThanOrEqual(1);
  },
});

export function binary(): string {
  const path = process.env.GOLDSTAR_BIN;
  if (!path)
    throw new Error('Set GOLDSTAR_BIN to the goldstar binary that these tests are to run.');
  return path;
}

function addressFrom(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
}

export const rowAt = (page: Page, index: number): Locator =>
  page.locator(`[role=row][data-row="${index}"]`);

export const starButton = (page: Page, index: number): Locator =>
  rowAt(page, index).locator('.star button');

export const grid = (page: Page): Locator => page.getByRole('grid');

/** Opens the page at a row (counted from 0) and waits until it is there. */
export async function open(page: Page, server: Server, index = 0, path = '/'): Promise<void> {
  await page.goto(`${server.url}${path}${index > 0 ? `#row=${index + 1}` : ''}`);
  await soon(page, `[data-row="${index}"].here .star button`);
  await expect(rowAt(page, index)).toHaveClass(/here/);
  await expect(starButton(page, index)).toBeVisible();
  await expect(grid(page)).toBeFocused();
}

/** Waits for something from frame to frame, where `expect` looks twice a second; says nothing when it does not come. */
const soon = (page: Page, selector: string): Promise<void> =>
  page.evaluate(async (selector) => {
    for (let frames = 0; frames < 300 && !document.querySelector(selector); frames++) {
      await new Promise(requestAnimationFrame);
    }
  }, selector);

/** Consecutive records without a star, whose first two models have both answered. */
export async function freshRows(server: Server, count = 1): Promise<{ index: number; row: Row }> {
  const { models } = await server.get<Status>('/api/status');
  const { records } = await server.records('limit=500');
  const ready = (row: Row) =>
    row.stars.length === 0 &&
    models
      .slice(0, 2)
      .every(({ name }) => row.outputs.some((o) => o.model === name && o.state === 'ok'));
  const index = records.findIndex(
    (_, i) => i + count <= records.length && records.slice(i, i + count).every(ready),
  );
  const row = records[index];
  if (!row) throw new Error(`the demo has no ${count} fresh records in a row`);
  return { index, row };
}
