// The differences of two texts, word by word. Runs in a worker: on the page it could hold everything up.
import { diffWordsWithSpace } from 'diff';

/** A stretch that stands in both texts, or in one of them only. */
export interface Part {
  text: string;
  side: 'both' | 'from' | 'to';
}

/** Nothing when it takes longer than it may. */
export function differ(from: string, to: string, timeout: number): Part[] | undefined {
  const changes = diffWordsWithSpace(from, to, { timeout });
  return (
    changes &&
    gathered(
      changes.map(({ value, added, removed }) => ({
        text: value,
        side: added ? 'to' : removed ? 'from' : 'both',
      })),
    )
  );
}

/** Words that only a space keeps apart change together: what is gone first, then what has come. */
function gathered(parts: Part[]): Part[] {
  const all: Part[] = [];
  let [gone, come] = ['', ''];
  const flush = () => {
    if (gone) all.push({ text: gone, side: 'from' });
    if (come) all.push({ text: come, side: 'to' });
    [gone, come] = ['', ''];
  };
  parts.forEach(({ text, side }, i) => {
    const between = side === 'both' && /^[^\S\n]+$/.test(text) && i + 1 < parts.length;
    if (side === 'from') gone += text;
    else if (side === 'to') come += text;
    else if (between && gone && come) [gone, come] = [gone + text, come + text];
    else {
      flush();
      all.push({ text, side });
    }
  });
  flush();
  return all;
}
