// How far reviewers are apart: of one output, and of the one where that is most.
import { expect, it } from 'vitest';
import type { Star } from '../api/types';
import { apart } from './apart';

const star = (starred_by: string, quality_score: number, model?: string): Star => ({
  starred_by,
  quality_score,
  choice: 0,
  tags: [],
  notes: '',
  starred_at: '2026-11-22T10:00:00Z',
  kind: 'human',
  stale: false,
  ...(model ? { model } : {}),
});

it('is nothing unless one output has several stars', () => {
  expect(apart([])).toBeUndefined();
  expect(apart([star('ada', 9, 'm')])).toBeUndefined();
  expect(apart([star('ada', 9, 'm'), star('ben', 1, 'n'), star('cy', 5)])).toBeUndefined();
});

it('is that of the output whose reviewers are farthest apart', () => {
  const stars = [
    star('ada', 9, 'm'),
    star('ben', 8, 'm'),
    star('ada', 5, 'n'),
    star('ben', 8, 'n'),
  ];
  // The deviation of 5 and 8 as a sample: 3 over the root of 2.
  expect(apart(stars)).toEqual({ deviation: expect.closeTo(2.1213, 4), range: 3 });
  expect(apart([star('ada', 7), star('ben', 7)])).toEqual({ deviation: 0, range: 0 });
});
