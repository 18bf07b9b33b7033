// Where a text stands in what the inspector shows, across the elements that colouring makes of it.
import { expect, it } from 'vitest';
import { findIn, FOUND_MAX } from './find';

function found(html: string, wanted: string) {
  const area = document.createElement('div');
  area.innerHTML = html;
  return findIn(area, wanted).map(String);
}

it('finds in whatever case, across elements, not across texts', () => {
  expect(found('<p class="plain">A <b>Fo</b>o and foo</p>', 'FOO')).toEqual(['Foo', 'foo']);
  expect(found('<p class="plain">fo</p><p class="plain">o</p>', 'foo')).toEqual([]);
});

it('takes signs for themselves', () => {
  expect(found('<p class="plain">a.b a+b (a|b) [x] \\d</p>', '(a|b)')).toEqual(['(a|b)']);
  expect(found('<p class="plain">axb</p>', 'a.b')).toEqual([]);
});

it('finds each place once where texts lie within texts', () => {
  const html = '<div class="markdown"><p>one</p><span class="plain">one</span></div>';
  expect(found(html, 'one')).toHaveLength(2);
});

it('leaves names of buttons alone, and stops at a limit', () => {
  expect(found('<button>Copy</button><p class="plain">no</p>', 'copy')).toEqual([]);
  expect(found(`<p class="plain">${'x'.repeat(FOUND_MAX + 5)}</p>`, 'x')).toHaveLength(FOUND_MAX);
});
