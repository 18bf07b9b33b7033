// What agents suggest: which one is shown, and that it counts for nothing.
import { describe, expect, it } from 'vitest';
import type { Row, Star } from '../api/types';
import { latest, ofPeople, suggestionFor, withStars } from './stars';

function star(by: string, more: Partial<Star> = {}): Star {
  return {
    model: 'm',
    choice: 0,
    quality_score: 5,
    tags: [],
    notes: '',
    starred_by: by,
    starred_at: '2026-01-01T00:00:00Z',
    kind: 'human',
    stale: false,
    ...more,
  };
}

const agents = (by: string, more: Partial<Star> = {}) => star(by, { kind: 'agent', ...more });
const here = { model: 'm', choice: 0 };

describe('what is suggested for an output', () => {
  it('is the newest star of an agent there', () => {
    const stars = [
      agents('a', { starred_at: '2026-01-03T00:00:00Z' }),
      agents('b', { starred_at: '2026-01-02T00:00:00Z' }),
      agents('c', { model: 'other', starred_at: '2026-01-09T00:00:00Z' }),
      agents('d', { choice: 1, starred_at: '2026-01-09T00:00:00Z' }),
    ];
    expect(suggestionFor(stars, here, 'me')?.starred_by).toBe('a');
  });

  it('is nothing where I have judged, but stands where others have', () => {
    expect(suggestionFor([agents('a'), star('me')], here, 'me')).toBeUndefined();
    expect(suggestionFor([agents('a'), star('you')], here, 'me')?.starred_by).toBe('a');
    expect(suggestionFor([star('you')], here, 'me')).toBeUndefined();
  });
});

it('counts only what people gave', () => {
  const row: Row = { row: 0, custom_id: 'q', name: 'q', tags: [], outputs: [], stars: [] };
  const stars = [star('me', { tags: ['x'] }), agents('a', { quality_score: 9, tags: ['y'] })];
  expect(withStars(row, stars)).toMatchObject({ score: 5, tags: ['x'], stars });
  expect(withStars(row, [agents('a')])).not.toHaveProperty('score');
  expect(ofPeople(stars)).toEqual([stars[0]]);
});

it('takes the last of stars of the same time', () => {
  expect(latest([star('a'), star('b')])?.starred_by).toBe('b');
  expect(latest([])).toBeUndefined();
});
