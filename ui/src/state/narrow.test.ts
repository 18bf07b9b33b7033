// Clauses put to a query.
import { expect, it } from 'vitest';
import { narrow } from './narrow';

it('says nothing twice', () => {
  expect(narrow('', 'score:9')).toBe('score:9');
  expect(narrow(' tag:a ', 'score:9', 'tag:a')).toBe('tag:a score:9');
  expect(narrow('score:91 tag:"a b"', 'score:9', 'tag:"a b"')).toBe('score:91 tag:"a b" score:9');
});
