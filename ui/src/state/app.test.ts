// What a key does in the end: which output a digit stars, and what happens when the server refuses.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Page, Row, Status } from '../api/types';
import { App } from './app.svelte';
import { BEFORE } from './browse.svelte';

const row = (index: number, states: Record<string, string>): Row =>
  ({
    row: index,
    custom_id: `r-${index}`,
    name: `Name ${index}`,
    tags: [],
    stars: [],
    outputs: Object.entries(states).map(([model, state]) => ({ model, choice: 0, state })),
  }) as unknown as Row;

const records = [
  row(0, { a: 'ok', b: 'ok', c: 'ok' }),
  row(1, { b: 'error', c: 'ok' }),
  row(2, { a: 'ok' }),
];

const status = {
  collection: 'here',
  default_reviewer: 'user',
  read_only: false,
  catalog: { revision: 1, state: 'ready' },
  models: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
  search: { state: 'building', done: 30, total: 100 },
} as unknown as Status;

let sent: { custom_id: string; model: string; quality_score: number; notes: string }[];
let answer: (body: { custom_id: string }) => Response;

async function serve(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/api/status') return Response.json(status);
  if (pathname === '/api/records') {
    return Response.json({ total: 3, view: 'v', records } as unknown as Page);
  }
  if (pathname.startsWith('/api/records/')) return Response.json({ stars: [] });
  if (pathname !== '/api/gold-star') return Response.json({});
  const body = (await request.json()) as (typeof sent)[number];
  sent.push(body);
  return answer(body);
}

const refusal = () =>
  Response.json(
    { title: 'Bad Request', status: 400, detail: 'tags are too many' },
    { status: 400 },
  );

async function open(): Promise<App> {
  const app = new App();
  app.prefs.values.advance = false;
  await app.live.ask();
  await app.browse.search('', '');
  return app;
}

const digit = (app: App, score: number) => app.act({ action: 'score', score, letter: true });
const texts = (app: App) => app.toasts.list.map(({ text }) => text);

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  sent = [];
  answer = () => Response.json({ star: {} });
  vi.stubGlobal('fetch', serve);
});
afterEach(() => void vi.unstubAllGlobals());

it('stars the output of the cell under the cursor', async () => {
  const app = await open();
  app.browse.goToCell(BEFORE + 1);
  digit(app, 8);
  await vi.waitFor(() => expect(sent).toMatchObject([{ custom_id: 'r-0', model: 'b' }]));
});

it('stars the first output from a cell of no model only while its column is in sight', async () => {
  const app = await open();
  app.browse.goToCell(app.browse.columns - 1);
  app.browse.sees = (column) => column !== BEFORE;
  digit(app, 8);
  expect(texts(app)[0]).toContain('go to the cell of a model, such as a');
  expect(app.acts.now.acts).toEqual([]);
  app.browse.sees = () => true;
  digit(app, 8);
  await vi.waitFor(() => expect(sent).toMatchObject([{ custom_id: 'r-0', model: 'a' }]));
});

it('says that a record is not here yet, and scores nothing', async () => {
  const app = new App();
  await app.live.ask();
  digit(app, 8);
  app.act({ action: 'star' });
  expect(texts(app)[0]).toContain('still on its way');
  await app.browse.search('', '');
  expect(app.starring).toBeUndefined();
  expect(app.acts.now.acts).toEqual([]);
});

it('goes to the first good output instead of starring it unseen, and stars it by the next digit', async () => {
  const app = await open();
  for (const column of [BEFORE, BEFORE + 1]) {
    app.browse.goTo(1);
    app.browse.goToCell(column);
    digit(app, 7);
    expect(app.browse.model).toBe('c');
    expect(texts(app).at(-1)).toContain('Now at c');
    expect(app.acts.now.acts).toEqual([]);
  }
  digit(app, 7);
  await vi.waitFor(() => expect(sent).toMatchObject([{ custom_id: 'r-1', model: 'c' }]));
});

it('takes back the word of a star that is refused, and undoes no other for it', async () => {
  const app = await open();
  digit(app, 5);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  answer = refusal;
  app.browse.goTo(2);
  digit(app, 2);
  expect(texts(app)).toEqual(['★ 2/10 · a · Name 2']);
  await vi.waitFor(() =>
    expect(texts(app)).toEqual(['The star for Name 2 was not saved: tags are too many']),
  );
  expect(app.toasts.spoken).toContain('Name 2 was not saved');
  app.undo();
  await Promise.resolve();
  expect(texts(app).at(-1)).toContain('The star for Name 2 was not saved, so there is nothing');
  expect(app.acts.now.acts).toHaveLength(1);
  expect(app.browse.row).toBe(2);
});

it('opens the dialog again with what was typed and why it was refused', async () => {
  const app = await open();
  answer = refusal;
  const [first] = records;
  const target = app.target(first!)!;
  app.review.star(target, { score: 9, tags: ['t'], notes: 'long notes' }, undefined, true);
  await vi.waitFor(() => expect(app.starring).toBeDefined());
  expect(app.starring).toMatchObject({
    target,
    typed: { score: 9, tags: ['t'], notes: 'long notes' },
    problem: { message: 'tags are too many' },
  });
  expect(texts(app)).toEqual([]);
});

it('does not tear another dialog away for it', async () => {
  const app = await open();
  answer = refusal;
  const target = app.target(records[0]!)!;
  app.review.star(target, { score: 9, tags: [], notes: 'long notes' }, undefined, true);
  app.browse.goTo(2);
  app.openStar();
  const other = app.starring;
  await vi.waitFor(() => expect(app.toasts.list[0]?.tone).toBe('error'));
  expect(app.starring).toBe(other);
  app.toasts.list[0]?.button?.act();
  expect(app.starring?.typed?.notes).toBe('long notes');
});

it('follows the search index while it is built, without asking again', async () => {
  const listeners = new Map<string, (event: { data: string }) => void>();
  vi.stubGlobal(
    'EventSource',
    class {
      addEventListener(name: string, hear: (event: { data: string }) => void) {
        listeners.set(name, hear);
      }
      close() {}
    },
  );
  const app = new App();
  const stop = app.start();
  await vi.waitFor(() => expect(app.status?.search.done).toBe(30));
  for (const search of [
    { state: 'building', done: 60, total: 100 },
    { state: 'ready', done: 100, total: 100 },
  ]) {
    listeners.get('search')!({ data: JSON.stringify(search) });
    expect(app.status?.search).toEqual(search);
    expect(app.status?.models).toHaveLength(3);
  }
  stop();
});

it('sends what it kept when the server is back', async () => {
  const app = await open();
  answer = () => new Response('', { status: 503 });
  digit(app, 8);
  await vi.waitFor(() => expect(app.review.unsaved.count).toBe(1));
  expect(app.toasts.spoken).toBe('1 star not saved');
  answer = () => Response.json({ star: {} });
  await app.live.ask();
  await vi.waitFor(() => expect(app.review.unsaved.count).toBe(0));
  expect(app.review.starsOf(app.rows.at(0)!)).toMatchObject([{ quality_score: 8 }]);
});
