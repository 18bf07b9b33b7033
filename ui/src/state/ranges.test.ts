// Ranges against a plain set of numbers, through many acts by chance.
import { expect, it } from 'vitest';
import { Ranges } from './ranges';

/** Chance that is the same at every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function agree(ranges: Ranges, set: Set<number>, size: number) {
  const places = Array.from({ length: size + 2 }, (_, i) => i - 1);
  const held = places.filter((at) => ranges.has(at));
  // Ranges that touch are one.
  const apart = ranges.list.every(
    ([from, to], i) => from < to && (ranges.list[i - 1]?.[1] ?? -1) < from,
  );
  const expected = places.filter((at) => set.has(at));
  expect({ held, apart, count: ranges.count }).toEqual({
    held: expected,
    apart: true,
    count: set.size,
  });
}

it('hold what a set would hold', () => {
  const SIZE = 40;
  for (let seed = 1; seed <= 60; seed++) {
    const roll = dice(seed);
    let ranges = new Ranges();
    const set = new Set<number>();
    for (let act = 0; act < 60; act++) {
      const [from, length] = [roll(SIZE), roll(9)];
      const to = Math.min(SIZE, from + length);
      const kind = roll(3);
      if (kind === 0) {
        ranges = ranges.toggled(from);
        if (!set.delete(from)) set.add(from);
      } else {
        ranges = kind === 1 ? ranges.with(from, to) : ranges.without(from, to);
        for (let at = from; at < to; at++)
          if (kind === 1) set.add(at);
          else set.delete(at);
      }
      agree(ranges, set, SIZE);
    }
  }
});

it('hold ten million as one pair', () => {
  const all = new Ranges().with(0, 10_000_000);
  expect(all.list).toEqual([[0, 10_000_000]]);
  expect(all.toggled(5_000_000).list).toEqual([
    [0, 5_000_000],
    [5_000_001, 10_000_000],
  ]);
  expect(all.toggled(5_000_000).count).toBe(9_999_999);
});

it('are never changed themselves', () => {
  const before = new Ranges().with(3, 5);
  before.with(5, 9);
  before.without(3, 4);
  before.toggled(4);
  expect(before.list).toEqual([[3, 5]]);
});
