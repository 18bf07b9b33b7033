// Which texts are kept away from the Markdown renderer.
import { expect, it } from 'vitest';
import { isPathological, pieces } from './pathological';

const check = (text: string, expected: boolean) => expect(isPathological(text)).toBe(expected);

it('finds runs of combining marks, signs and endless lines', () => {
  check('a' + '\u0301'.repeat(201), true);
  check('*'.repeat(20_000), true);
  check('[`_*'.repeat(300), true);
  check('word '.repeat(5000), true);
});

it('leaves ordinary text alone', () => {
  check('', false);
  check('a\u0301'.repeat(5000).replaceAll(/(.{80})/g, '$1\n'), false);
  check('a' + '\u0301'.repeat(200), false);
  check(
    '**bold** and `code` and [a link](https://example.org), and then a few more words\n\n'.repeat(
      500,
    ),
    false,
  );
  check('word '.repeat(3999), false);
  check('word word word\n'.repeat(5000), false);
});

it('cuts runs of combining marks up, and changes nothing', () => {
  const text = `a${'\u0301'.repeat(50_000)}b`;
  expect(pieces(text).join('')).toBe(text);
  expect(Math.max(...pieces(text).map((piece) => piece.length))).toBeLessThanOrEqual(101);
  expect(pieces('plain')).toEqual(['plain']);
});

it('leaves JSON to be laid out, whatever its length', () => {
  check(JSON.stringify({ list: Array.from({ length: 9000 }, () => [1]) }), false);
  check(JSON.stringify({ text: 'a' + '\u0301'.repeat(300) }), true);
});
