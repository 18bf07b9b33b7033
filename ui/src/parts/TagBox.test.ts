// The tag field under the fingers: adding, removing, suggestions, and what it leaves to the dialog.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import TagBox from './TagBox.svelte';

afterEach(cleanup);

const used = [
  { tag: 'senior', count: 12 },
  { tag: 'second', count: 3 },
];

function open(tags: string[] = [], props = {}) {
  const suggest = async (prefix: string) => used.filter((u) => u.tag.startsWith(prefix));
  render(TagBox, { tags, labelledby: 'x', suggest, ...props });
  return screen.getByRole('combobox') as HTMLInputElement;
}

async function type(input: HTMLInputElement, text: string) {
  await fireEvent.input(input, { target: { value: text } });
  await tick();
  await tick();
}

const tags = () =>
  screen
    .queryAllByRole('button', { name: /^Remove tag/ })
    .map((b) => b.getAttribute('aria-label')?.replace('Remove tag ', ''));

it('adds by Enter and by comma, each tag once', async () => {
  const input = open();
  await type(input, 'one');
  await fireEvent.keyDown(input, { key: 'Enter' });
  await type(input, 'two');
  await fireEvent.keyDown(input, { key: ',' });
  await type(input, ' one ');
  await fireEvent.keyDown(input, { key: 'Enter' });
  expect(tags()).toEqual(['one', 'two']);
  expect(input.value).toBe('');
});

it('takes a pasted list apart at its commas, the last part still to be finished', async () => {
  const input = open([], { maxLength: 8 });
  await type(input, 'one, two,,three words and more, four');
  expect(tags()).toEqual(['one', 'two', 'three wo']);
  expect(input.value).toBe('four');
  await fireEvent.blur(input);
  expect(tags()).toEqual(['one', 'two', 'three wo', 'four']);
});

it('leaves Enter to the form when empty, and keeps it when not', async () => {
  const input = open();
  expect(await fireEvent.keyDown(input, { key: 'Enter' })).toBe(true);
  await type(input, 'x');
  expect(await fireEvent.keyDown(input, { key: 'Enter' })).toBe(false);
});

it('removes the last by Backspace only when nothing is typed', async () => {
  const input = open(['a', 'b']);
  await type(input, 'x');
  await fireEvent.keyDown(input, { key: 'Backspace' });
  expect(tags()).toEqual(['a', 'b']);
  await type(input, '');
  await fireEvent.keyDown(input, { key: 'Backspace' });
  expect(tags()).toEqual(['a']);
});

it('shows tags in use with their counts and takes one by arrow and Enter', async () => {
  const input = open();
  await type(input, 'se');
  const options = screen.getAllByRole('option');
  expect(options.map((o) => o.textContent)).toEqual(['senior12', 'second3']);
  expect(input.getAttribute('aria-expanded')).toBe('true');
  await fireEvent.keyDown(input, { key: 'ArrowDown' });
  expect(input.getAttribute('aria-activedescendant')).toBe(options[0]?.id);
  await fireEvent.keyDown(input, { key: 'ArrowDown' });
  await fireEvent.keyDown(input, { key: 'Enter' });
  expect(tags()).toEqual(['second']);
});

it('closes the suggestions by Escape before the dialog hears of it', async () => {
  const input = open();
  await type(input, 'se');
  expect(await fireEvent.keyDown(input, { key: 'Escape' })).toBe(false);
  expect(screen.queryAllByRole('option')).toEqual([]);
  expect(await fireEvent.keyDown(input, { key: 'Escape' })).toBe(true);
});

it('takes what is typed when it is left, and ignores keys of an input method', async () => {
  const input = open();
  await type(input, 'half');
  await fireEvent.keyDown(input, { key: 'Enter', isComposing: true });
  expect(tags()).toEqual([]);
  await fireEvent.blur(input);
  expect(tags()).toEqual(['half']);
});

it('keeps to the limits', async () => {
  const input = open(['a', 'b'], { max: 2, maxLength: 4 });
  await type(input, 'more');
  await fireEvent.keyDown(input, { key: 'Enter' });
  expect(tags()).toEqual(['a', 'b']);
});
