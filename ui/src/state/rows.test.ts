// Blocks of rows: fetched when wanted, given up when left, moved with the row under the cursor.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import type { Page, Row } from '../api/types';
import { BLOCK, Rows } from './rows.svelte';

interface Call {
  q: string;
  sort: string;
  offset: number;
  signal?: AbortSignal;
}

function make(count: number) {
  const calls: Call[] = [];
  const data = { ids: Array.from({ length: count }, (_, i) => `q-${i}`), view: 'a', fail: false };
  const records = async (
    q: string,
    sort: string,
    offset: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Page> => {
    calls.push({ q, sort, offset, signal });
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (signal?.aborted) throw new DOMException('', 'AbortError');
    if (data.fail) throw new ApiError(500, { detail: 'broken' });
    const page = data.ids.slice(offset, offset + limit);
    return { total: data.ids.length, view: data.view, records: page.map(row) };
  };
  return { rows: new Rows({ records }), calls, data };
}

const row = (custom_id: string, i: number): Row => ({
  row: i,
  custom_id,
  name: custom_id,
  tags: [],
  outputs: [],
  stars: [],
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function opened(count = 10_000) {
  const it = make(count);
  void it.rows.search('', '');
  await vi.advanceTimersByTimeAsync(50);
  it.rows.want(0, 20);
  await vi.advanceTimersByTimeAsync(100);
  return it;
}

it('fetches the block of what is seen, once', async () => {
  const { rows, calls } = await opened();
  expect(rows.total).toBe(10_000);
  expect(rows.at(0)?.custom_id).toBe('q-0');
  expect(rows.at(BLOCK)).toBeUndefined();
  rows.want(4000, 4020);
  await vi.advanceTimersByTimeAsync(100);
  expect(rows.at(4000)?.custom_id).toBe('q-4000');
  expect(calls.filter((c) => c.offset === 0)).toHaveLength(1);
});

it('gives up blocks that were left behind', async () => {
  const { rows, calls } = await opened();
  rows.want(2000, 2020);
  await vi.advanceTimersByTimeAsync(27);
  rows.want(8000, 8020);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.find((c) => c.offset === 2000)?.signal?.aborted).toBe(true);
  expect(rows.at(2000)).toBeUndefined();
  expect(rows.at(8000)?.custom_id).toBe('q-8000');
});

it('skips blocks that were only passed by', async () => {
  const { rows, calls } = await opened();
  for (let at = 1000; at <= 9000; at += 1000) {
    rows.want(at, at + 20);
    await vi.advanceTimersByTimeAsync(5);
  }
  await vi.advanceTimersByTimeAsync(100);
  const fetched = calls.map((c) => c.offset).filter((o) => o > 0);
  expect(fetched.every((o) => o >= 8800)).toBe(true);
});

it('keeps a bounded number of blocks', async () => {
  const { rows } = await opened(40_000);
  for (let at = 0; at < 40_000; at += BLOCK) {
    rows.want(at, at + 20);
    await vi.advanceTimersByTimeAsync(60);
  }
  let kept = 0;
  for (let at = 0; at < 40_000; at += BLOCK) if (rows.at(at)) kept++;
  expect(kept).toBeLessThanOrEqual(48);
  expect(rows.at(39_800)).toBeDefined();
});

it('keeps the rows when a search fails, and says so', async () => {
  const { rows, data } = await opened();
  data.fail = true;
  void rows.search('bad', '');
  await vi.advanceTimersByTimeAsync(50);
  expect(rows.error?.message).toBe('broken');
  expect(rows.q).toBe('');
  expect(rows.at(0)?.custom_id).toBe('q-0');
});

it('follows the row under the cursor when rows before it go', async () => {
  const { rows, data } = await opened();
  rows.anchor = () => 10;
  const placed: [number, number][] = [];
  rows.placed = (total, shift) => placed.push([total, shift]);
  data.ids = data.ids.filter((_, i) => i !== 2 && i !== 4 && i !== 7);
  data.view = 'b';
  rows.refresh();
  await vi.advanceTimersByTimeAsync(1000);
  expect(placed[0]).toEqual([9997, -3]);
  expect(rows.at(7)?.custom_id).toBe('q-10');
});

it('is not starved by changes faster than the server answers', async () => {
  const { rows, data } = await opened();
  for (let i = 0; i < 40; i++) {
    data.ids = [...data.ids, `new-${i}`];
    data.view = `v${i}`;
    rows.refresh();
    await vi.advanceTimersByTimeAsync(5);
  }
  await vi.advanceTimersByTimeAsync(600);
  expect(rows.total).toBe(10_040);
});

it('does not move when rows are added at the end', async () => {
  const { rows, data } = await opened(150);
  const shifts: number[] = [];
  rows.placed = (_total, shift) => shifts.push(shift);
  data.ids = [...data.ids, 'new'];
  data.view = 'b';
  rows.refresh();
  await vi.advanceTimersByTimeAsync(1000);
  expect(shifts).toEqual([0]);
  expect(rows.at(150)?.custom_id).toBe('new');
});

it('opens the last block when the row asked for is beyond the end', async () => {
  const { rows } = make(450);
  void rows.search('', '', 99_999);
  await vi.advanceTimersByTimeAsync(100);
  expect(rows.at(449)?.custom_id).toBe('q-449');
});

it('changes one record where it stands', async () => {
  const { rows } = await opened();
  rows.patch('q-5', (r) => ({ ...r, name: 'new' }));
  expect(rows.at(5)?.name).toBe('new');
  expect(rows.at(6)?.name).toBe('q-6');
});

it('keeps a change that an older answer does not know of', async () => {
  const { rows } = make(50);
  void rows.search('', '');
  await vi.advanceTimersByTimeAsync(5);
  rows.patch('q-3', (row) => ({ ...row, name: 'changed' }));
  await vi.advanceTimersByTimeAsync(50);
  expect(rows.at(3)?.name).toBe('changed');
  expect(rows.at(4)?.name).toBe('q-4');
  rows.refresh();
  rows.want(0, 20);
  await vi.advanceTimersByTimeAsync(2000);
  expect(rows.at(3)?.name).toBe('q-3');
});
