// Whatever marks a server sends, the text stays whole, and what can be marked is.
import { expect, it } from 'vitest';
import { glance } from './glance';
import { type Marked, near, stretches } from './marks';

/** Brackets around what is marked. */
const show = (marked: Marked) =>
  stretches(marked)
    .map(({ text, marked: is }) => (is ? `[${text}]` : text))
    .join('');

/** What stands in brackets, marked. */
function read(text: string): Marked {
  const marks: number[][] = [];
  const plain = text.replace(/[[\]]/g, (sign, at: number) => {
    const place = at - marks.flat().length;
    if (sign === '[') marks.push([place]);
    else marks.at(-1)!.push(place);
    return '';
  });
  return { text: plain, marks };
}

/** Numbers that look random and are the same each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it('marks what is to be marked', () => {
  const check = (text: string, marks: number[][], expected: string) =>
    expect(show({ text, marks })).toBe(expected);
  check('A strong leader.', [], 'A strong leader.');
  check('A strong leader.', [[9, 15]], 'A strong [leader].');
  check('ab', [[0, 2]], '[ab]');
  check('数据', [[0, 1], [1, 2]], '[数据]'); // prettier-ignore
  check('', [[0, 1]], '');
});

it('clamps marks that are out of range, crossed, turned round or no numbers', () => {
  const check = (marks: unknown, expected: string) =>
    expect(show({ text: 'abcdef', marks: marks as number[][] })).toBe(expected);
  check([[4, 99]], 'abcd[ef]');
  check([[-5, 2]], '[ab]cdef');
  check([[7, 9]], 'abcdef');
  check([[0, 3], [2, 4]], '[abcd]ef'); // prettier-ignore
  check([[4, 5], [0, 1]], '[a]bcd[e]f'); // prettier-ignore
  check([[5, 1], [2, 3]], 'ab[c]def'); // prettier-ignore
  check([[2, 2], [], [1]], 'abcdef'); // prettier-ignore
  check([[NaN, 2.9], [3.1, Infinity]], '[ab]c[def]'); // prettier-ignore
});

it('keeps every text whole and marks exactly what some mark covers', () => {
  const random = chance(7);
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: random(12) }, () => 'ab 😀\n*#'[random(8)]).join('');
    const marks = Array.from({ length: random(5) }, () => [random(20) - 4, random(20) - 4]);
    const cut = stretches({ text, marks });
    expect(cut.map((stretch) => stretch.text).join('')).toBe(text);
    expect(cut.every((stretch) => stretch.text !== '')).toBe(true);
    expect(cut.every((stretch, i) => stretch.marked !== cut[i + 1]?.marked)).toBe(true);
    const covered = Array.from(text.split(''), (_, at) =>
      marks.some(([from, to]) => at >= from! && at < to!),
    );
    expect(cut.flatMap(({ text: t, marked }) => t.split('').map(() => marked))).toEqual(covered);
  }
});

it('marks the same words when Markdown signs are taken away', () => {
  const check = (text: string, expected: string) => expect(show(glance(read(text)))).toBe(expected);
  check('# A [title]\n\n## [Part]\nWords', 'A [title]\n\n[Part]\nWords');
  check('**[Candidate]:** Ada **Love[lace]**', '[Candidate]: Ada Love[lace]');
  check('a **strong [leader]** and **a** [leader]', 'a strong [leader] and a [leader]');
  check('[**strong** leader] x', '[strong leader] x');
  check('```[python]\nx = [1]\n```', '\nx = [1]\n');
  check('[a ** b]', '[a ** b]');
});

it('begins near the first mark when that is far on', () => {
  const check = (text: string, room: number, expected: string) =>
    expect(show(near(read(text), room))).toBe(expected);
  check('a [needle] in it', 10, 'a [needle] in it');
  check('some more hay, a [needle] [in] it', 20, '…hay, a [needle] [in] it');
  check('hayhayhayhayhayhay[needle]', 20, '…yhayhayhay[needle]');
  check('no mark in all of this', 5, 'no mark in all of this');
  check('…and some more hay, a [needle]', 20, '…hay, a [needle]');
  check('😀😀😀😀😀😀[x]', 4, '…😀[x]');
  check('😀😀😀😀😀😀a[x]', 4, '…a[x]');
});
