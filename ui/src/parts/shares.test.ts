// Assignments as a figure, from counts written by hand.
import { expect, it } from 'vitest';
import type { Assignment } from '../api/types';
import { parse } from '../state/place.svelte';
import { bars, shares } from './shares';

const week = (name: string, complete: boolean): Assignment => ({
  name,
  query: '',
  share: 1,
  overlap: 2,
  records: 12,
  full: 5,
  complete,
  reviewers: [
    { name: 'ada', assigned: 12, done: 9, left: 2, cannot: 1 },
    { name: 'Ben B.', assigned: 12, done: 0, left: 12, cannot: 0 },
  ],
});

it('says how far everybody is, and leads to what is left', () => {
  const all = [week('week 1', false)];
  const { reading, data } = shares(all, bars(all));
  expect(reading).toBe('week 1: 5 of 12 records are starred by both of their reviewers.');
  expect(data.rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['ada', '12', '9', '2', '1'],
    ['Ben B.', '12', '0', '12', '0'],
  ]);
  const led = data.rows.map((row) => row.map(({ href }) => href && parse(href).q));
  expect(led).toEqual([
    [undefined, undefined, 'assigned:ada by:ada', 'todo:ada', undefined],
    [undefined, undefined, undefined, 'todo:"Ben B."', undefined],
  ]);
});

it('tells assignments apart, and which is complete', () => {
  const all = [week('week 1', true), week('week 2', false)];
  const shown = bars(all);
  expect(shown[2]!.label).toBe('ada · week 2');
  expect(shares(all, shown).reading).toContain('week 1: complete;');
});
