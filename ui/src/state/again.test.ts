// What is hidden of a record that comes again, and what becomes of it.
import { expect, it } from 'vitest';
import type { Star } from '../api/types';
import { Again, withHidden } from './again.svelte';

const star = (model: string, starred_by: string, quality_score = 5): Star => ({
  model,
  choice: 0,
  quality_score,
  tags: ['old'],
  notes: 'why',
  starred_by,
  starred_at: '2026-01-01T00:00:00Z',
  kind: 'human',
  stale: false,
});
const target = (model: string) => ({ custom_id: 'q', name: '', model, choice: 0 });

it('hides what was given before until it is given again, output by output', () => {
  const again = new Again(() => 'ada');
  const stars = [star('a', 'ada'), star('a', 'ben'), star('b', 'ada'), star('c', 'ben')];
  const seen = () =>
    again.seen('q', stars).map(({ model, starred_by }) => `${model} ${starred_by}`);
  expect(seen()).toHaveLength(4);
  again.show('q', 7);
  expect(seen()).toEqual(['c ben']);
  expect([again.hides('q', stars), again.waits('q')]).toEqual([true, true]);
  expect([again.isAgain(target('a'), stars), again.isAgain(target('c'), stars)]).toEqual([
    true,
    false,
  ]);
  again.give(target('a'));
  expect(seen()).toEqual(['a ada', 'a ben', 'c ben']);
  expect(again.isAgain(target('a'), stars)).toBe(false);
  again.give(target('b'));
  expect([seen().length, again.hides('q', stars), again.waits('q')]).toEqual([4, false, false]);
});

it('goes on from where one came', () => {
  const again = new Again(() => 'ada');
  again.show('q', 7);
  expect([again.goOnFrom('q'), again.goOnFrom('other'), again.goOnFrom(undefined)]).toEqual([
    7,
    undefined,
    undefined,
  ]);
});

it('loses no tags and notes', () => {
  const said = { score: 9, tags: ['new'], notes: '' };
  expect(withHidden(said, star('a', 'ada'))).toEqual({
    score: 9,
    tags: ['old', 'new'],
    notes: 'why',
  });
  expect(withHidden({ ...said, notes: 'x' }, star('a', 'ada')).notes).toBe('x');
  expect(withHidden(said, undefined)).toEqual(said);
});
