// What the search box offers, and where the offers come from.
import { expect, it } from 'vitest';
import { ApiError } from '../api/client';
import type { FacetsBody } from '../api/types';
import { Completing } from './completing.svelte';

const facets = {
  models: [
    { value: 'Qwen3-32B', count: 9 },
    { value: 'Llama-4-70B', count: 8 },
  ],
  states: [
    { value: 'unreviewed', count: 5 },
    { value: 'starred', count: 4 },
    { value: 'stale', count: 0 },
  ],
  reviewers: [{ value: 'ada l', count: 3 }],
  finish: [{ value: 'length', count: 2 }],
} as unknown as FacetsBody;

function make() {
  const asked: string[] = [];
  const known = {
    facets: async (q: string) => {
      asked.push(`facets ${q}`);
      if (q.includes('score:')) throw new ApiError(400, { detail: 'at 7: expected' });
      return facets;
    },
    tags: async (prefix: string) => {
      asked.push(`tags ${prefix}`);
      return [{ tag: 'senior', count: 12 }];
    },
  };
  const box = new Completing(known, () => new Date('2026-03-01T23:59:00Z'));
  const type = async (marked: string) => {
    const caret = marked.indexOf('|');
    await box.look(marked.replace('|', ''), caret);
    return box.offers.map(({ value, count }) =>
      count === undefined ? value : `${value} ${count}`,
    );
  };
  return { box, asked, type };
}

it('offers fields without asking anyone', async () => {
  const { asked, type } = make();
  expect(await type('fi|')).toEqual(['finish', 'file']);
  expect(await type('lead |')).toEqual([]);
  expect(asked).toEqual([]);
});

it('offers what the rest of the query leaves', async () => {
  const { asked, type } = make();
  expect(await type('lead model:q| is:starred')).toEqual(['Qwen3-32B 9']);
  expect(await type('is:sta|')).toEqual(['starred 4', 'stale 0']);
  expect(await type('tag:se|')).toEqual(['senior 12']);
  expect(await type('of:ll|')).toEqual(['Llama-4-70B 8']);
  expect(await type('rated:q|')).toEqual(['Qwen3-32B 9']);
  expect(await type('rated:Qwen3-32B=|')).toEqual([]);
  expect(asked.slice(0, 3)).toEqual(['facets lead is:starred', 'facets ', 'tags se']);
});

it('offers all there is when the rest cannot be read', async () => {
  const { asked, type } = make();
  expect(await type('score: by:|')).toEqual(['ada l 3']);
  expect(asked).toEqual(['facets score:', 'facets ']);
});

it('is gone through in a circle with the typed text in it, and taken', async () => {
  const { box, type } = make();
  await type('-model:|');
  const seen = [];
  for (let i = 0; i < 4; i++) {
    box.move(1);
    seen.push(box.active);
  }
  expect(seen).toEqual([0, 1, -1, 0]);
  box.move(-1);
  box.move(-1);
  expect(box.active).toBe(1);
  expect(box.take(box.offers[1])).toEqual({ q: '-model:Llama-4-70B ', caret: 19 });
  expect(box.isOpen).toBe(false);
});

it('knows a clause that is still to get its value', async () => {
  const { box, type } = make();
  for (const marked of ['tag:|', 'lead is:st|', '-model:|', 'rated:Qw|', 'rated:Qwen3-32B=|']) {
    await type(marked);
    expect(box.isHalf, marked).toBe(true);
  }
  for (const marked of ['tag:s|', 'is:stale|', 'score:|', 'lead|', '|', 'rated:m=8|', 'of:m|']) {
    await type(marked);
    expect(box.isHalf, marked).toBe(false);
  }
});

it('forgets an answer that comes too late', async () => {
  const { box } = make();
  const late = box.look('tag:s', 5);
  void box.look('fi', 2);
  await late;
  expect(box.offers.map(({ value }) => value)).toEqual(['finish', 'file']);
});

it('offers the last days', async () => {
  const { type, asked } = make();
  expect(await type('starred:|')).toEqual([
    '2026-03-01',
    '2026-02-28',
    '2026-02-23..2026-03-01',
    '2026-01-31..2026-03-01',
  ]);
  expect(await type('starred:2026-02|')).toEqual(['2026-02-28', '2026-02-23..2026-03-01']);
  expect(asked).toEqual([]);
});
