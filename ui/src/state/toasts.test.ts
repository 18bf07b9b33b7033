// Messages: what goes by itself, and what stays until it is dealt with.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Toasts } from './toasts.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const texts = (toasts: Toasts) => toasts.list.map((toast) => toast.text);

it('pushes out old plain messages, but never one of a failure', () => {
  const toasts = new Toasts();
  for (let i = 0; i < 6; i++) {
    toasts.show({ kind: `e${i}`, tone: 'error', text: `failure ${i}` });
    toasts.show({ kind: `p${i}`, tone: 'plain', text: `word ${i}` });
  }
  expect(texts(toasts).filter((t) => t.startsWith('failure'))).toHaveLength(6);
  expect(texts(toasts).filter((t) => t.startsWith('word'))).toEqual(
    [2, 3, 4, 5].map((i) => `word ${i}`),
  );
  vi.runAllTimers();
  expect(texts(toasts)).toEqual([0, 1, 2, 3, 4, 5].map((i) => `failure ${i}`));
});

it('closes the newest plain message by Esc, and no failure', () => {
  const toasts = new Toasts();
  toasts.show({ kind: 'p', tone: 'plain', text: 'word' });
  toasts.show({ kind: 'e', tone: 'error', text: 'failure' });
  expect(toasts.closeLast()).toBe(true);
  expect(texts(toasts)).toEqual(['failure']);
  expect(toasts.closeLast()).toBe(false);
  expect(texts(toasts)).toEqual(['failure']);
});

it('takes away what tells of an act that came to nothing', () => {
  const toasts = new Toasts();
  toasts.show({ kind: 'star', about: 'A', tone: 'plain', text: 'star' });
  toasts.closeAbout('B');
  expect(texts(toasts)).toEqual(['star']);
  toasts.closeAbout('A');
  expect(texts(toasts)).toEqual([]);
});
