// ULIDs: the form that the specification gives, in the order of time.
import { expect, it } from 'vitest';
import { ulid } from './ulid';

it('has 26 signs of Crockford’s alphabet and differs each time', () => {
  const made = new Set(Array.from({ length: 1000 }, () => ulid()));
  expect(made.size).toBe(1000);
  for (const id of made) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
});

it('writes the time first', () => {
  // The example of the ULID specification's reference implementation.
  expect(ulid(1469918176385).slice(0, 10)).toBe('01ARYZ6S41');
  expect(ulid(0).slice(0, 10)).toBe('0000000000');
});
