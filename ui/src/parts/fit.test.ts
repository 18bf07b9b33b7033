// How many tags are shown, and that the rest is left to be counted.
import { expect, it } from 'vitest';
import { fit } from './fit';

function check(tags: string[], lines: number, expected: number) {
  expect(fit(tags, 140, lines)).toEqual(tags.slice(0, expected));
}

it('shows all that fit', () => {
  check([], 1, 0);
  check(['a', 'b', 'c'], 1, 3);
  check(['senior', 'germany'], 2, 2);
});

it('leaves room for the count when some do not', () => {
  check(['senior', 'germany', 'remote'], 1, 1);
  check(['senior', 'germany', 'remote', 'python', 'leads'], 2, 3);
  check(
    Array.from({ length: 64 }, (_, i) => `t${i}`),
    1,
    3,
  );
});

it('shows a single tag however long it is', () => {
  check(['x'.repeat(64)], 1, 1);
  check(['x'.repeat(64), 'y'], 1, 1);
  check(['漢'.repeat(30), 'y', 'z'], 2, 3);
});
