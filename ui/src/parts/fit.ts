// How many tags fit into a cell, reckoned from their letters: measuring every row would hold up scrolling.
const PADDING = 16;
const GAP = 4;
/** What "+12" takes. */
const REST = 40;

/** The tags to show on lines of `width` pixels; the others are only counted. */
export function fit(tags: string[], width: number, lines: number): string[] {
  let [line, left] = [1, width];
  for (const [i, tag] of tags.entries()) {
    const wide = Math.min(width, widthOf(tag));
    const isLast = i === tags.length - 1;
    if (wide > left) [line, left] = [line + 1, width];
    const room = line === lines && !isLast ? left - REST : left;
    // A single tag is shown in any case, cut by its own ellipsis.
    if (line > lines || (wide > room && i > 0)) return tags.slice(0, i);
    left -= wide + GAP;
  }
  return tags;
}

// Rather a little too wide than too narrow: what does not fit would not be seen at all.
function widthOf(tag: string): number {
  let width = PADDING;
  for (const letter of tag) {
    if (letter > '\u024f') width += 13;
    else if (/[A-Zmw@%]/.test(letter)) width += 10.5;
    else if (/[fijlrt.,:;' -]/.test(letter)) width += 5;
    else width += 7.3;
  }
  return width;
}
