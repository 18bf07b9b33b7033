// Previews lose their signs and keep their words.
import { expect, it } from 'vitest';
import { glance } from './glance';

const check = (text: string, expected: string) =>
  expect(glance({ text, marks: [] }).text).toBe(expected);

it('takes headings, bold and fences away', () => {
  check('# Title\n\n## Part\nWords', 'Title\n\nPart\nWords');
  check('**Candidate:** Ada **Lovelace**', 'Candidate: Ada Lovelace');
  check('```python\nx = 1\n```', '\nx = 1\n');
});

it('leaves everything else as it is', () => {
  for (const text of ['a ** b ** c', '#tag', '__init__', '<b>x</b>', '**cut off', '{"a": 1}', '']) {
    check(text, text);
  }
});
