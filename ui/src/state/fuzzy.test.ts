// Letters in order, best where words begin.
import { expect, it } from 'vitest';
import { fuzzy, pieces } from './fuzzy';

const marked = (typed: string, text: string) => {
  const match = fuzzy(typed, text);
  return (
    match &&
    pieces(text, match.at)
      .map(({ text: t, on }) => (on ? `[${t}]` : t))
      .join('')
  );
};

it('finds letters in order only', () => {
  expect(marked('nur', 'next unreviewed record')).toBe('[n]ext [u]nreviewed [r]ecord');
  expect(marked('xyz', 'next unreviewed record')).toBeUndefined();
  expect(marked('run', 'unreviewed')).toBeUndefined();
});

it('prefers runs and beginnings to letters here and there', () => {
  expect(marked('score', 'show scattered ore, score 9')).toBe('show scattered ore, [score] 9');
  expect(marked('sc', 'discs and scores')).toBe('discs and [sc]ores');
});

it('puts the shorter and the closer first', () => {
  const best = (typed: string, ...texts: string[]) =>
    texts.toSorted((a, b) => fuzzy(typed, b)!.score - fuzzy(typed, a)!.score)[0];
  expect(best('undo', 'unreviewed nodes', 'undo my last star')).toBe('undo my last star');
  expect(best('ch', 'charts', 'search')).toBe('charts');
});

it('knows neither case nor spaces, and takes signs whole', () => {
  expect(marked('G O', 'go')).toBe('[go]');
  expect(marked('李b', '李🎈b')).toBe('[李]🎈[b]');
  expect(fuzzy('', 'anything')).toEqual({ score: 0, at: [] });
});
