// The order of outputs without names, against the paper.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { shuffled } from './order';

it('stands in the order that the paper says', () => {
  // The paper's table was made by its program in Python, not by this one.
  const paper = readFileSync('../docs/blind.md', 'utf8');
  const rows = [...paper.matchAll(/^\| (\d+) \| (\S+) \| (\S+) \| (\w+, \w+, \w+) \|$/gm)];
  expect(rows.length).toBe(5);
  for (const [, seed, reviewer, id, order] of rows) {
    const found = shuffled(['gamma', 'beta', 'alpha'], Number(seed), reviewer!, id!);
    expect(found.join(', '), `${seed} ${reviewer} ${id}`).toBe(order);
  }
});

it('gives every order about as often', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(['llama-1', 'llama-2', 'llama-3'], 5, 'ada', `q-${i}`).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  // Five degrees of freedom: more than 20.5 happens once in a thousand.
  const far = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  expect(counts.size).toBe(6);
  expect(far).toBeLessThan(20.5);
});

it('keeps the order of the others when one more comes', () => {
  const three = shuffled(['a', 'b', 'c'], 1, 'ada', 'q');
  const four = shuffled(['a', 'b', 'c', 'd'], 1, 'ada', 'q');
  expect(four.filter((model) => model !== 'd')).toEqual(three);
});
