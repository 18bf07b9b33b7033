// What a query looks for in texts, and when the page says that these are looked through.
import { expect, it } from 'vitest';
import type { Search } from '../api/types';
import { percent, scanNotice, sought, wordsIn } from './sought';

it('takes texts apart into words, as docs/query.md says', () => {
  const check = (text: string, expected: string[]) =>
    expect([...wordsIn(text)].map(({ word }) => word)).toEqual(expected);
  check('A strong-minded LEADER, v1.2', ['a', 'strong', 'minded', 'leader', 'v1', '2']);
  check("O'Dwyer Győrfi", ['o', 'dwyer', 'győrfi']);
  check('数据 data ひら', ['数', '据', 'data', 'ひ', 'ら']);
  check('snake_case 😀 ½ Ⅷ', ['snake', 'case', '½', 'ⅷ']);
  check(' -> * ', []);
});

it('says where each word stands', () => {
  const text = '😀 Strong 数据, LEADER';
  for (const { word, at, length } of wordsIn(text)) {
    expect(text.slice(at, at + length).toLowerCase()).toBe(word);
  }
});

it('finds words, phrases and beginnings in a query, and no fields', () => {
  /** One word a phrase would be `a`, several `a b`, with a beginning at the end `a b*`. */
  const check = (q: string, expected: string[]) =>
    expect(sought(q).phrases.map((p) => p.words.join(' ') + (p.goesOn ? '*' : ''))).toEqual(
      expected,
    );
  check('', []);
  check('strong leader', ['strong', 'leader']);
  check('"strong leader"', ['strong leader']);
  check('"10 \\"years\\""', ['10 years']);
  check('lead* "strong lead"*', ['lead*', 'strong lead*']);
  check('strong-minded', ['strong minded']);
  check('model:llama score:8..10 tag:"very good" is:starred leader', ['leader']);
  check('-rejected -"not this" -model:x leader', ['leader']);
  check('name:"O\'Dwyer"leader', ['leader']);
  check('10:30 Foo:bar https://example.org', ['10 30', 'foo bar', 'https example org']);
  check('/v\\d+ of/ leader', ['leader']);
  check('/a\\/ b/ c', ['c']);
  check('and/or', ['and or']);
});

it('survives anything and takes no long time for it', () => {
  for (const piece of ['"', '/', '\\', '-', 'a:', '/a ', '"\\', '*', '-/x/ ', '😀', ' ']) {
    const found = sought(piece.repeat(4096));
    expect(found.phrases.every(({ words }) => words.length > 0)).toBe(true);
  }
});

it('says that texts are looked through when no index answers', () => {
  const check = (q: string, state: Search['state'] | undefined, expected: string | RegExp) => {
    const search = state && { state, done: 30, total: 90 };
    expect(scanNotice(sought(q), search)).toMatch(expected);
  };
  const nothing = /^$/;
  check('leader', 'ready', nothing);
  check('leader', undefined, nothing);
  check('leader', 'scan', /looked through/);
  check('-leader', 'scan', /looked through/);
  check('leader', 'building', /\(33%\).*looked through/);
  check('model:llama is:starred', 'building', nothing);
  check('', 'scan', nothing);
  check('/lead/', 'ready', /pattern/);
  check('-/lead/ leader', 'building', /pattern/);
  check('->', 'ready', /pattern/);
});

it('counts hundredths, and the last one only when the index is ready', () => {
  const check = (done: number, total: number, expected: number) =>
    expect(percent({ state: 'building', done, total })).toBe(expected);
  check(0, 0, 0);
  check(0, 10, 0);
  check(999, 1000, 99);
  check(1000, 1000, 99);
  check(20, 10, 99);
});
