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
