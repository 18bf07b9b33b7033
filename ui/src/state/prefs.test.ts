// What is remembered: the reviewer's name for one tab, everything else for the browser.
import { flushSync } from 'svelte';
import { beforeEach, expect, it } from 'vitest';
import { Prefs } from './prefs.svelte';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

function rename(prefs: Prefs, name: string) {
  const stop = prefs.keep();
  prefs.values.reviewer = name;
  flushSync();
  stop();
}

// Another tab has the same localStorage, and a sessionStorage of its own.
function inOtherTab(act: () => void) {
  const mine = { ...sessionStorage };
  sessionStorage.clear();
  act();
  sessionStorage.clear();
  for (const [key, value] of Object.entries(mine)) sessionStorage.setItem(key, value as string);
}

it('keeps the name of a tab when another tab takes another name', () => {
  rename(new Prefs(), 'ben');
  inOtherTab(() => {
    const other = new Prefs();
    expect(other.values.reviewer).toBe('ben');
    rename(other, 'ada');
  });
  expect(new Prefs().values.reviewer).toBe('ben');
  inOtherTab(() => expect(new Prefs().values.reviewer).toBe('ada'));
});

it('keeps a tab without a name of its own at the server’s default', () => {
  const stop = new Prefs().keep();
  flushSync();
  stop();
  inOtherTab(() => rename(new Prefs(), 'ada'));
  expect(new Prefs().values.reviewer).toBe('');
});
