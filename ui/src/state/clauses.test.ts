// Clauses in the text of a query: found, asked for, turned round, and taken away again.
import { describe, expect, it } from 'vitest';
import {
  clausesOf,
  negate,
  rangeOf,
  standing,
  toggle,
  without,
  withRange,
  written,
} from './clauses';

describe('finds', () => {
  const check = (q: string, expected: string[]) =>
    expect(
      clausesOf(q).map(
        ({ minus, field, value, kind }) => `${minus ? 'not ' : ''}${field ?? kind} ${value}`,
      ),
    ).toEqual(expected);

  it('what the grammar knows', () => {
    check('strong  leader', ['word strong', 'word leader']);
    check('"10 years" lead*', ['phrase 10 years', 'word lead*']);
    check('/[Ll]ead \\/ x/ -tag:rejected', ['pattern [Ll]ead \\/ x', 'not tag rejected']);
    check('tag:"very good"by:ada', ['tag very good', 'by ada']);
    check('name:"O\\"D \\\\"', ['name O"D \\']);
    check('10:30 Foo:bar https://example.org', [
      'word 10:30',
      'word Foo:bar',
      'word https://example.org',
    ]);
    check('a - b', ['word a', 'word -', 'word b']);
    check('', []);
  });

  it('what is still being typed', () => {
    check('a tag:', ['word a', 'tag ']);
    check('tag:"very go', ['tag very go']);
    check('-is:', ['not is ']);
    expect(clausesOf('tag:"very go')[0]?.open).toBe(true);
  });

  it('where each stands', () => {
    const q = '  one -tag:"a b" /x/';
    expect(clausesOf(q).map(({ from, to }) => q.slice(from, to))).toEqual([
      'one',
      '-tag:"a b"',
      '/x/',
    ]);
  });
});

it('writes quotation marks where they are needed, and reads them back', () => {
  for (const value of ['senior', 'very good', 'say "x"', 'a\\b', 'a \\ "b"', '/x/', 'a:b', '-x']) {
    const text = written('tag', value);
    expect(clausesOf(text), text).toMatchObject([{ field: 'tag', value, minus: false }]);
  }
  expect(written('tag', 'very good', true)).toBe('-tag:"very good"');
});

describe('toggle', () => {
  const check = (q: string, field: string, value: string, expected: string) =>
    expect(toggle(q, field, value)).toBe(expected);

  it('adds behind what is there, and removes', () => {
    check('', 'tag', 'a', 'tag:a');
    check('lead "x y"', 'tag', 'very good', 'lead "x y" tag:"very good"');
    check('lead tag:"very good" x', 'tag', 'very good', 'lead x');
    check('tag:a', 'tag', 'b', 'tag:a tag:b');
  });

  it('turns a negation into a wish', () => {
    check('-tag:a x', 'tag', 'a', 'x tag:a');
  });

  it('replaces what could not hold at the same time', () => {
    check('model:a x', 'model', 'b', 'x model:b');
    check('by:ada', 'by', 'ben', 'by:ben');
    check('is:unreviewed', 'is', 'starred', 'is:starred');
    check('is:starred is:error', 'is', 'unreviewed', 'is:error is:unreviewed');
    check('is:starred', 'is', 'stale', 'is:starred is:stale');
    check('-model:a', 'model', 'b', '-model:a model:b');
  });

  it('is its own opposite', () => {
    for (const q of ['', 'x', 'x tag:b', '-is:error "a b"']) {
      expect(toggle(toggle(q, 'tag', 'a'), 'tag', 'a')).toBe(q);
    }
  });
});

it('asks for what is without a value, and no more', () => {
  expect(negate('x tag:a', 'tag', 'a')).toBe('x -tag:a');
  expect(negate('x -tag:a', 'tag', 'a')).toBe('x');
  expect(negate('model:b', 'model', 'a')).toBe('model:b -model:a');
});

it('says what is on: exactly for tags and people, by any letters for models', () => {
  expect(standing('tag:A', 'tag', 'a')).toBeUndefined();
  expect(standing('model:QWEN3', 'model', 'qwen3')).toBe('on');
  expect(standing('-model:qwen3', 'model', 'qwen3')).toBe('not');
  expect(standing('tag:"a', 'tag', 'a')).toBe('on');
});

describe('ranges', () => {
  it('are read in all the ways they are written', () => {
    const check = (value: string, expected: [number, number] | undefined) =>
      expect(rangeOf(`x score:${value}`, 'score'), value).toEqual(expected);
    check('9', [9, 9]);
    check('8..10', [8, 10]);
    check('8..', [8, Infinity]);
    check('..5', [0, 5]);
    check('>7', [8, Infinity]);
    check('>=8', [8, Infinity]);
    check('<5', [0, 4]);
    check('<=5', [0, 5]);
    check('high', undefined);
    check('..', undefined);
    expect(rangeOf('-score:9', 'score')).toBeUndefined();
  });

  it('take the place of the one before', () => {
    expect(withRange('a score:9 b', 'score', [8, 10])).toBe('a b score:8..10');
    expect(withRange('', 'score', [7, 7])).toBe('score:7');
    expect(withRange('-score:1', 'chars', [400, Infinity])).toBe('-score:1 chars:400..');
    expect(withRange('a score:8..10', 'score')).toBe('a');
  });
});

it('takes away exactly the clause that is meant', () => {
  const q = 'tag:a x tag:a';
  expect(without(q, clausesOf(q)[2]!)).toBe('tag:a x');
});
