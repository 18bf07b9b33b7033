// How a query is coloured, and that nothing of it is lost on the way.
import { expect, it } from 'vitest';
import { painted } from './painted';

const check = (q: string, expected: string[]) =>
  expect(painted(q).map(({ text, paint }) => `${paint}(${text})`)).toEqual(expected);

it('tells fields, values, phrases, patterns and what is left out', () => {
  check('lead -tag:"very good"  /v\\d/', [
    'plain(lead)',
    'plain( )',
    'minus(-)',
    'field(tag:)',
    'value("very good")',
    'plain(  )',
    'pattern(/v\\d/)',
  ]);
  check('"a b"* colour:red tag:', [
    'phrase("a b"*)',
    'plain( )',
    'unknown(colour:)',
    'value(red)',
    'plain( )',
    'field(tag:)',
  ]);
});

it('is the query again, whatever it is', () => {
  for (const q of [
    '',
    '   ',
    ' a  b ',
    '"open',
    '-',
    '--x',
    'tag:"a b',
    '/x',
    '😀 -"😀',
    'a:b:c',
  ]) {
    const joined = painted(q).map(({ text }) => text);
    expect(joined.join('')).toBe(q);
  }
});
