// An act on many: counted first, done only when it is what was counted, cancelled, and asked again.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import type { BulkBody, BulkDone } from '../api/types';
import { Bulk, type Calls, type Deed } from './bulk.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const deed: Deed = { what: 'star', model: 'a', score: 8, tags: ['x'] };
const view = { q: 'lead', sort: 'name', view: 'v1' };

function make(ranges?: [number, number][]) {
  const counted: BulkBody[] = [];
  const done: BulkBody[] = [];
  const cancelled: string[] = [];
  const is = { count: 4, answer: async (): Promise<BulkDone> => ({ ...ok, count: is.count }) };
  const ok = { status: 'success', count: 0, undo: 'U', left_out: [] };
  const calls = {
    bulkCount: async (body: BulkBody) => {
      counted.push(body);
      return { records: 5, count: is.count, replaces: 1, left_out: [], sample: [] };
    },
    bulk: async (body: BulkBody) => {
      done.push(body);
      return is.answer();
    },
    cancelBulk: async (id: string) => {
      cancelled.push(id);
      return { status: 'success' };
    },
  } as unknown as Calls;
  const bulk = new Bulk(ranges ? { ...view, ranges } : view, 'ada', calls);
  return { bulk, counted, done, cancelled, is };
}

it('counts what matches, or the chosen rows of this view', async () => {
  const all = make();
  all.bulk.plan(deed);
  await vi.advanceTimersByTimeAsync(1);
  expect(all.counted).toEqual([
    {
      what: 'star',
      q: 'lead',
      model: 'a',
      quality_score: 1,
      tags: [],
      notes: '',
      starred_by: 'ada',
      kind: 'human',
    },
  ]);
  const some = make([[2, 5]]);
  some.bulk.plan({ what: 'unstar' });
  await vi.advanceTimersByTimeAsync(1);
  expect(some.counted).toEqual([
    { what: 'unstar', ...view, ranges: [[2, 5]], starred_by: 'ada', kind: 'human' },
  ]);
});

it('does exactly what was counted, and not before', async () => {
  const { bulk, done } = make();
  bulk.plan(deed);
  expect(await bulk.run(deed)).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  bulk.plan({ ...deed, model: 'b' });
  expect(bulk.stale).toBe(true);
  expect(await bulk.run(deed)).toBeUndefined();
  expect(done).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  // Another score is no other number.
  bulk.plan({ ...deed, model: 'b', score: 9 });
  expect(bulk.stale).toBe(false);
  const last = { ...deed, model: 'b', score: 9 };
  expect(await bulk.run(last)).toMatchObject({ count: 4, undo: 'U' });
  expect(done).toMatchObject([{ expect: 4, quality_score: 9, model: 'b', tags: ['x'] }]);
  expect(done[0]!.id).toMatch(/^[0-9A-Z]{26}$/);
});

it('asks again with the new number when it is another one by now', async () => {
  const { bulk, done, is } = make();
  bulk.plan(deed);
  await vi.advanceTimersByTimeAsync(1);
  is.answer = async () => {
    const errors = [{ field: 'expect', detail: 'it would be 6' }];
    throw new ApiError(409, { detail: 'expected 4, but it would be 6', errors });
  };
  is.count = 6;
  expect(await bulk.run(deed)).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(bulk.isAnother).toBe(true);
  expect(bulk.count?.count).toBe(6);
  is.answer = async () => ({ status: 'success', count: 6, undo: 'U', left_out: [] });
  expect(await bulk.run(deed)).toMatchObject({ count: 6 });
  expect(done.map((body) => body.expect)).toEqual([4, 6]);
  expect(done[0]!.id).not.toBe(done[1]!.id);
});

it('is sent again under the same id when no answer came', async () => {
  const { bulk, done, is } = make();
  bulk.plan(deed);
  await vi.advanceTimersByTimeAsync(1);
  is.answer = async () => {
    throw new ApiError(0, { detail: 'the server cannot be reached' });
  };
  await bulk.run(deed);
  await bulk.run(deed);
  expect(done).toHaveLength(2);
  expect(done[0]!.id).toBe(done[1]!.id);
});

it('shows how far it is, and is cancelled by its id', async () => {
  const { bulk, done, cancelled, is } = make();
  bulk.plan(deed);
  await vi.advanceTimersByTimeAsync(1);
  let refuse: (error: Error) => void = () => {};
  is.answer = () => new Promise((_, reject) => (refuse = reject));
  const run = bulk.run(deed);
  const id = done[0]!.id!;
  const step = { what: 'star', done: 2, total: 4, state: 'writing' as const };
  bulk.hear({ ...step, id: 'another' });
  expect(bulk.progress).toBeUndefined();
  bulk.hear({ ...step, id });
  expect(bulk.progress?.done).toBe(2);
  await bulk.cancel();
  expect(cancelled).toEqual([id]);
  refuse(new ApiError(409, { detail: 'it was cancelled' }));
  expect(await run).toBeUndefined();
  expect(bulk.running).toBe(false);
  expect(bulk.problem?.message).toBe('it was cancelled');
  expect(bulk.isAnother).toBe(false);
});
