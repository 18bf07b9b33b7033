// Moving about: what is brought into sight, and an order that the server refuses.
import { expect, it } from 'vitest';
import { ApiError } from '../api/client';
import type { Page } from '../api/types';
import { Browse } from './browse.svelte';
import { Rows } from './rows.svelte';

const page = (total: number): Page => ({
  total,
  view: 'v',
  records: Array.from({ length: Math.min(total, 200) }, (_, row) => ({
    row,
    custom_id: `r-${row}`,
    name: '',
    tags: [],
    outputs: [],
    stars: [],
  })),
});

function make(refused?: string) {
  const sorts: string[] = [];
  const records = async (_q: string, sort: string) => {
    sorts.push(sort);
    if (sort && sort === refused) {
      const errors = [{ field: 'sort', detail: 'unknown' }];
      throw new ApiError(400, { detail: 'sort unknown', errors });
    }
    return page(100);
  };
  return { browse: new Browse(new Rows({ records })), sorts };
}

it('gives up an order the server does not know, says so, and loads', async () => {
  const { browse, sorts } = make('bogus');
  const dropped: string[] = [];
  browse.dropped = (sort) => dropped.push(sort);
  await browse.search('tag:a', 'bogus', 3);
  expect(sorts).toEqual(['bogus', '']);
  expect(dropped).toEqual(['bogus']);
  expect(browse.rows.loaded).toBe(true);
  expect(browse.rows.error).toBeUndefined();
  expect(browse.rows.q).toBe('tag:a');
  expect(browse.row).toBe(3);
});

it('keeps the row under the cursor in sight when the inspector takes room away', async () => {
  const { browse } = make();
  await browse.search('', '');
  browse.setRowHeight(36);
  browse.resized(720, false);
  browse.goTo(19);
  expect(browse.scroll.top).toBe(0);
  browse.resized(360, true);
  expect(browse.scroll.top).toBe(360);
});

it('leaves the view alone when the window shrinks and the cursor is far away', async () => {
  const { browse } = make();
  await browse.search('', '');
  browse.setRowHeight(36);
  browse.resized(720, false);
  browse.scroll.moveTo(1500);
  browse.resized(360, false);
  expect(browse.scroll.top).toBe(1500);
});

it('sorts by a column, the other way round, and not at all', async () => {
  const check = async (key: string, greatestFirst: boolean, expected: string[]) => {
    const { browse, sorts } = make();
    for (const sort of expected) {
      browse.sortBy(key, greatestFirst);
      await expect.poll(() => browse.rows.sort).toBe(sort);
    }
    expect(sorts).toEqual(expected);
  };
  await check('tokens:a', false, ['tokens:a', '-tokens:a', '', 'tokens:a']);
  await check('stars', true, ['-stars', 'stars', '', '-stars']);
});

it('counts every move, even one that leads nowhere', () => {
  const { browse } = make();
  const before = browse.moves;
  browse.goToCell(browse.columns - 1);
  browse.goToCell(browse.columns - 1);
  expect(browse.moves).toBe(before + 2);
});

/** A view of ten records; those named have no star that the server knows of. */
function withUnreviewed(unreviewed: number[]) {
  const asked: (number | undefined)[] = [];
  const next = async (_q: string, _s: string, from: number | undefined, direction: 1 | -1) => {
    asked.push(from);
    const further = unreviewed.filter((at) => from === undefined || (at - from) * direction > 0);
    const index = direction === 1 ? further[0] : further.at(-1);
    return index === undefined ? {} : { index, custom_id: `r-${index}` };
  };
  const browse = new Browse(new Rows({ records: async () => page(10), next }));
  return { browse, asked };
}

it('goes to the next unreviewed record, and round the end', async () => {
  const check = async (
    unreviewed: number[],
    from: number,
    direction: 1 | -1,
    expected: [string, number],
  ) => {
    const { browse } = withUnreviewed(unreviewed);
    await browse.search('', '', from);
    const found = await browse.next(direction, () => true);
    expect([found, browse.row]).toEqual(expected);
    expect(browse.looking).toBe(false);
  };
  await check([2, 5, 8], 2, 1, ['found', 5]);
  await check([2, 5, 8], 5, -1, ['found', 2]);
  await check([2, 5, 8], 8, 1, ['beyond', 2]);
  await check([2, 5, 8], 1, -1, ['beyond', 8]);
  await check([0], 4, 1, ['beyond', 0]);
  await check([9], 4, -1, ['beyond', 9]);
  await check([5], 5, 1, ['none', 5]);
  await check([], 3, 1, ['none', 3]);
});

it('passes by records with a star that is still on its way', async () => {
  const { browse, asked } = withUnreviewed([1, 2, 3, 7]);
  await browse.search('', '', 0);
  const pending = ['r-1', 'r-2', 'r-3'];
  expect(await browse.next(1, (row) => !pending.includes(row.custom_id))).toBe('found');
  expect(browse.row).toBe(7);
  expect(asked).toEqual([0, 1, 2, 3]);
});

it('gives up looking when one moves on meanwhile', async () => {
  const { browse } = withUnreviewed([5]);
  await browse.search('', '');
  const looking = browse.next(1, () => true);
  browse.goTo(2);
  await looking;
  expect(browse.row).toBe(2);
});

it('drops the selection with the view it is of, and says so when nobody asked for another', async () => {
  let view = 'v1';
  const rows = new Rows({ records: async () => ({ ...page(10), view }) });
  const browse = new Browse(rows);
  let said = 0;
  browse.unchosen = () => said++;
  await browse.search('', '');
  browse.selection.all();
  rows.refresh();
  await browse.search('', '');
  expect(browse.selection.count).toBe(10);
  view = 'v2';
  await browse.search('', '');
  expect(browse.selection.count).toBe(0);
  expect(said).toBe(1);
  browse.selection.all();
  view = 'v3';
  await browse.search('tag:a', '');
  expect(browse.selection.count).toBe(0);
  expect(said).toBe(1);
});

it('opens a view at a record, and says when it is not there', async () => {
  const position = async (_q: string, _sort: string, id: string) =>
    id === 'r-6' ? { index: 6 } : {};
  const browse = new Browse(new Rows({ records: async () => page(10), position }));
  expect(await browse.openAt('', '', 'r-6')).toBe(true);
  expect(browse.row).toBe(6);
  expect(await browse.openAt('', '', 'gone')).toBe(false);
  expect(browse.row).toBe(0);
});
