// Choosing rows: one by one, by Shift, all, and none.
import { expect, it } from 'vitest';
import { Selection } from './selection.svelte';

function make(total = 100) {
  const at = { total, row: 0 };
  const selection = new Selection({ total: () => at.total, row: () => at.row });
  /** As Shift with an arrow key does it. */
  const shift = (rows: number) => {
    selection.extendTo(at.row + rows);
    at.row += rows;
  };
  return { selection, at, shift };
}

it('toggles the row under the cursor', () => {
  const { selection, at } = make();
  at.row = 5;
  selection.toggle();
  expect(selection.ranges.list).toEqual([[5, 6]]);
  selection.toggle();
  expect(selection.count).toBe(0);
});

it('grows and shrinks with Shift', () => {
  const { selection, at, shift } = make();
  at.row = 10;
  shift(1);
  shift(1);
  expect(selection.ranges.list).toEqual([[10, 13]]);
  shift(-1);
  expect(selection.ranges.list).toEqual([[10, 12]]);
  shift(-3);
  expect(selection.ranges.list).toEqual([[8, 11]]);
});

it('keeps what was chosen elsewhere', () => {
  const { selection, at, shift } = make();
  at.row = 3;
  selection.toggle();
  at.row = 20;
  selection.toggle();
  shift(2);
  expect(selection.ranges.list).toEqual([
    [3, 4],
    [20, 23],
  ]);
});

it('goes from the last choice to where Shift and a click say', () => {
  const { selection, at } = make();
  at.row = 7;
  selection.toggle(7);
  selection.extendTo(12);
  expect(selection.ranges.list).toEqual([[7, 13]]);
  at.row = 12;
  selection.extendTo(2);
  expect(selection.ranges.list).toEqual([[2, 8]]);
});

it('begins at the cursor when nothing is chosen', () => {
  const { selection, at } = make();
  at.row = 50;
  selection.extendTo(53);
  expect(selection.ranges.list).toEqual([[50, 54]]);
});

it('takes all, whatever their number, and none', () => {
  const { selection } = make(10_000_000);
  expect(selection.clear()).toBe(false);
  selection.all();
  expect(selection.count).toBe(10_000_000);
  expect(selection.isAll).toBe(true);
  selection.toggle(9);
  expect(selection.isAll).toBe(false);
  expect(selection.clear()).toBe(true);
  expect(selection.count).toBe(0);
});

it('stays within the view', () => {
  const { selection, at } = make(5);
  at.row = 3;
  selection.extendTo(9);
  expect(selection.ranges.list).toEqual([[3, 5]]);
  selection.toggle(5);
  expect(selection.count).toBe(2);
});
