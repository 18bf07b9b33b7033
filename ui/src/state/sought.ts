// What a query looks for in texts, and what to say while no index answers it.
import type { Search } from '../api/types';
import { words } from '../words/en';
import { clausesOf } from './clauses';

/** Words one behind the other; the last one may go on. */
export interface Phrase {
  words: string[];
  goesOn: boolean;
}

export interface Sought {
  /** What is looked for, and not what must not be there. */
  phrases: Phrase[];
  /** Whether an index of words could answer any of it. */
  hasWords: boolean;
  /** Whether some of it can only be found by looking through the texts: a pattern, or mere signs. */
  scans: boolean;
}

// As on the server: letters and digits in a row, and each sign of scripts without spaces by itself.
const ALONE = '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}';
const WORD = new RegExp(`[${ALONE}]|(?:(?![${ALONE}])[\\p{Alphabetic}\\p{N}])+`, 'gu');

/** The words of a text in lower case, with where each begins. */
export function* wordsIn(text: string): Generator<{ word: string; at: number; length: number }> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    yield { word: word.toLowerCase(), at: index, length: word.length };
  }
}

export function sought(q: string): Sought {
  const found: Sought = { phrases: [], hasWords: false, scans: false };
  for (const { field, minus, kind, value, goesOn } of clausesOf(q)) {
    if (field) continue;
    const phrase = kind === 'pattern' ? [] : [...wordsIn(value)].map((one) => one.word);
    if (phrase.length === 0) found.scans = true;
    else found.hasWords = true;
    if (phrase.length === 0 || minus) continue;
    found.phrases.push({ words: phrase, goesOn });
  }
  return found;
}

/** Hundredths of the batches' texts that are in the index; all of them only when it is ready. */
export function percent({ done, total }: Search): number {
  return total > 0 ? Math.max(0, Math.min(99, Math.floor((100 * done) / total))) : 0;
}

/** Says that texts themselves are looked through; nothing when the index answers the query. */
export function scanNotice({ hasWords, scans }: Sought, search: Search | undefined): string {
  if (scans) return words.search.pattern;
  if (!hasWords || !search || search.state === 'ready') return '';
  return search.state === 'building' ? words.search.building(percent(search)) : words.search.scan;
}
