// Differences of two texts: nothing is lost of either, and the time limit holds.
import { expect, it } from 'vitest';
import { counted, within } from './diff';
import { differ, type Part } from './differ';

const side = (parts: Part[], without: Part['side']) =>
  parts.flatMap((part) => (part.side === without ? [] : [part.text])).join('');

it('gives both texts back, whole', () => {
  for (const [from, to] of [
    ['the quick brown fox', 'the slow brown fox jumps'],
    ['', 'new'],
    ['old', ''],
    ['a  b\n\nc', 'a b\nc'],
    ['<b>x</b> & "y"', '<i>x</i> & y'],
    ['日本語のテキスト', '日本のテキスト'],
    ['👩‍👩‍👧 e\u0301', '👩‍👧 é'],
  ] as const) {
    const parts = differ(from, to, 2000)!;
    expect(side(parts, 'to')).toBe(from);
    expect(side(parts, 'from')).toBe(to);
  }
});

it('gathers what a space keeps apart', () => {
  expect(differ('keep old words here', 'keep new terms here', 2000)).toEqual([
    { text: 'keep ', side: 'both' },
    { text: 'old words', side: 'from' },
    { text: 'new terms', side: 'to' },
    { text: ' here', side: 'both' },
  ]);
});

it('counts words that stand in one text only', () => {
  const parts = differ('one two three four', 'one 2 3 four five', 2000)!;
  expect([counted(parts, 'to'), counted(parts, 'from')]).toEqual([3, 2]);
});

it('gives up when there is no time', () => {
  const text = (salt: number) =>
    Array.from({ length: 20_000 }, (_, i) => `w${(i * salt) % 7919}`).join(' ');
  expect(differ(text(3), text(7), 1)).toBeUndefined();
});

it('cuts the parts at a number of characters', () => {
  const parts: Part[] = [
    { text: 'abc', side: 'both' },
    { text: 'defg', side: 'to' },
    { text: 'h', side: 'from' },
  ];
  expect(within(parts, 5)).toEqual([parts[0], { text: 'de', side: 'to' }]);
  expect(within(parts, 100)).toEqual(parts);
});
