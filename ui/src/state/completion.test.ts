// What is completed where, and what the query is afterwards. `|` stands for the caret.
import { describe, expect, it } from 'vitest';
import { around, complete, fieldsFor, spotAt, valuesFor } from './completion';

function at(marked: string) {
  const caret = marked.indexOf('|');
  const q = marked.replace('|', '');
  return { q, spot: spotAt(q, caret) };
}

const known = ['senior', 'junior', 'very good', 'say "so"'].map((value) => ({ value }));

describe('offers', () => {
  const check = (marked: string, expected: string[]) => {
    const { spot } = at(marked);
    const found = !spot
      ? []
      : spot.field
        ? valuesFor(spot, known).map(({ value }) => value)
        : fieldsFor(spot);
    expect(found, marked).toEqual(expected);
  };

  it('fields for the beginning of one', () => {
    check('ta|', ['tag']);
    check('lead -m|', ['model']);
    check('i|', ['is', 'id']);
    check('st|', ['starred']);
    check('is|', []);
    check('xy|', []);
    check('Ta|', []);
    check('|', []);
    check('t|a', []);
  });

  it('values that begin so, then those that contain it', () => {
    check('tag:|', ['senior', 'junior', 'very good', 'say "so"']);
    check('tag:s|', ['senior', 'say "so"']);
    check('tag:NIOR|', ['senior', 'junior']);
    check('a -tag:ju| b', ['junior']);
    check('tag:"very g|', ['very good']);
    check('tag:"say \\"|', ['say "so"']);
    check('tag:senior|', []);
  });

  it('nothing in numbers, patterns, phrases and words that end', () => {
    check('score:8|', []);
    check('/ta|/', []);
    check('"ta|"', []);
    check('ta*|', []);
    check('ta |', []);
  });
});

describe('completes', () => {
  const check = (marked: string, value: string, expected: string) => {
    const { q, spot } = at(marked);
    const done = complete(q, spot!, value);
    expect(`${done.q.slice(0, done.caret)}|${done.q.slice(done.caret)}`).toBe(expected);
  };

  it('a field up to its colon', () => {
    check('lead ta|', 'tag', 'lead tag:|');
    check('-m|', 'model', '-model:|');
  });

  it('a value with the space behind it, in quotation marks where needed', () => {
    check('tag:s|', 'senior', 'tag:senior |');
    check('a -tag:v| b', 'very good', 'a -tag:"very good" |b');
    check('tag:"ve|', 'very good', 'tag:"very good" |');
    check('tag:|', 'say "so"', 'tag:"say \\"so\\"" |');
  });

  it('a model up to its score', () => {
    check('a rated:q| b', 'Qwen3-32B', 'a rated:Qwen3-32B=| b');
    check('-rated:|', 'my model', '-rated:"my model=|"');
    check('rated:"my|', 'my model', 'rated:"my model=|"');
  });
});

it('knows the rest of the query', () => {
  const { q, spot } = at('lead by:a| "x y"');
  expect(around(q, spot!)).toBe('lead "x y"');
});
