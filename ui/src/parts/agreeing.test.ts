// What the figures of the agreement page say, and where their marks lead.
import { expect, it } from 'vitest';
import type { Agreement, PairOf, ReviewerOf } from '../api/types';
import { compared, drawn, DRAWN_MAX, leadToSpread, pairs, reviewers, spread } from './agreeing';

const reviewer = (value: string, bias?: number, flags: ReviewerOf['flags'] = []): ReviewerOf => ({
  value,
  kind: 'human',
  outputs: 20,
  shared: bias === undefined ? 0 : 10,
  bias: bias === undefined ? {} : { value: bias, low: bias - 0.5, high: bias + 0.5 },
  noise: bias === undefined ? {} : { value: 1.25 },
  flags,
});

const pair = (a: string, b: string, kappa?: number): PairOf => ({
  a,
  b,
  outputs: 8,
  quadratic: kappa === undefined ? {} : { value: kappa },
  linear: {},
  kappa: {},
  exact: { value: 0.25 },
  within_one: { value: 0.75 },
  difference: { value: -1.5 },
});

const report = (more: Partial<Agreement>) =>
  ({ reviewers: [], pairs: [], ...more }) as unknown as Agreement;

it('names who stands out, the harshest first, and leaves out who shares nothing', () => {
  const all = [reviewer('ada', 0.1), reviewer('ben', -2, ['harsh', 'noisy']), reviewer('cy')];
  const found = report({ reviewers: all });
  expect(compared(found).map(({ value }) => value)).toEqual(['ben', 'ada']);
  const { reading, data } = reviewers(found, 'tag:x');
  expect(reading).toMatch(/^ben is harsh and noisy\. /);
  const ben = data.rows[1]!;
  expect(ben[3]).toEqual({ text: '−2.00', value: -2 });
  expect(new URLSearchParams(ben[0]!.href!.slice(1)).get('q')).toBe('tag:x by:ben');
  expect(data.rows[2]!.map(({ text }) => text)).toEqual([
    'cy',
    '20',
    '0',
    'n/a',
    'n/a',
    'n/a',
    'n/a',
    'n/a',
    'n/a',
    '',
  ]);
  expect(reviewers(report({ reviewers: [reviewer('ada', 0.1)] }), '').reading).toMatch(/^Nobody/);
});

it('reads the closest and the farthest pair', () => {
  const found = report({
    pairs: [pair('a', 'b', 0.4), pair('a', 'c', 0.9), pair('b', 'c')],
    reviewers: [reviewer('a', 0), reviewer('b', 0), reviewer('c', 0)],
  });
  expect(pairs(found, '').reading).toContain(
    'Closest: a and c with 0.90; farthest: a and b with 0.40.',
  );
  expect(pairs(found, '').data.rows[2]![3]).toEqual({ text: 'n/a', value: '' });
  expect(pairs(report({ pairs: [pair('a', 'b')] }), '').reading).toMatch(/^No pair/);
});

it('draws those who share most, in the order of their names', () => {
  const many = Array.from({ length: DRAWN_MAX + 1 }, (_, i) => reviewer(`r${10 + i}`, 0));
  many[3]!.shared = 1;
  const names = drawn(report({ reviewers: many }));
  expect(names.length).toBe(DRAWN_MAX);
  expect(names).not.toContain('r13');
  expect(names).toEqual(names.toSorted());
});

it('counts how far apart scores are, and leads to the disputes', () => {
  const ranges = [5, 3, 0, 1, 1, 0, 0, 0, 0, 0];
  const { reading, data } = spread(report({ ranges, shared: 10, disputed: 2 }), '');
  expect(reading).toBe(
    'Of 10 outputs judged by several, 50% have equal scores and 80% scores at most one apart; 2 are disputed.',
  );
  expect(data.rows[2]![1]!.href).toBeUndefined();
  expect(decodeURIComponent(leadToSpread('', 4))).toContain('is:disputed');
  expect(decodeURIComponent(leadToSpread('', 3))).toContain('is:starred');
});
