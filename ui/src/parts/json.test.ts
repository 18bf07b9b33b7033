// Which lines a JSON tree has: what is open, how much of it, and what it says of itself.
import { expect, it } from 'vitest';
import { lines, type Opened, parsed } from './json';

const closed: Opened = { isOpen: () => undefined, shown: () => 100 };
const short = (root: unknown, opened = closed) =>
  lines(root, opened).map(({ path, kind, size }) => `${path} ${kind} ${size}`);

it('opens the first levels only', () => {
  expect(short({ a: [1, { b: { c: 2 } }], 'x/y~z': null })).toEqual([
    ' object 2',
    '/a array 2',
    '/a/0 number 0',
    '/a/1 object 1',
    '/x~1y~0z null 0',
  ]);
});

it('opens what is asked for and closes what is not wanted', () => {
  const opened = { ...closed, isOpen: (path: string) => ({ '': true, '/a': false })[path] };
  expect(short({ a: [1], b: { c: 1 } }, opened)).toEqual([
    ' object 2',
    '/a array 1',
    '/b object 1',
    '/b/c number 0',
  ]);
});

it('shows the first children of a huge value, and how many are left', () => {
  const opened = { isOpen: () => true, shown: () => 3 };
  const all = lines(
    Array.from({ length: 1_000_000 }, (_, i) => i),
    opened,
  );
  expect(all).toHaveLength(5);
  expect(all.at(-1)).toMatchObject({ kind: 'more', size: 999_997, place: 4, places: 4 });
});

it('says where a line stands among its neighbours', () => {
  const [, first, second] = lines({ a: 1, b: 2 }, closed);
  expect(first).toMatchObject({ key: 'a', depth: 1, place: 1, places: 2 });
  expect(second).toMatchObject({ key: 'b', depth: 1, place: 2, places: 2 });
});

it('takes a text for JSON only when something is inside', () => {
  expect(parsed(' {"a": 1}')).toEqual({ a: 1 });
  for (const text of ['12', '"x"', '{broken', 'plain', '']) expect(parsed(text)).toBeUndefined();
});
