// Finds what people mean by a few letters: they may be apart, but stand in order, best at the beginnings of words.
export interface Match {
  score: number;
  /** Which characters of the text matched. */
  at: number[];
}

const FIRST = 8;
const WORD = 6;
const NEXT = 5;
const PLAIN = 1;
const JUMP = -4;
/** What it costs to begin a letter later. */
const LATE = -0.1;

/** How well a text answers what was typed; undefined when some letter of it is missing. */
export function fuzzy(typed: string, text: string): Match | undefined {
  const letters = [...typed.toLowerCase()].filter((letter) => letter.trim());
  const signs = [...text].map((sign) => sign.toLowerCase());
  if (letters.length === 0) return { score: 0, at: [] };
  if (letters.length > signs.length) return undefined;
  // best[j]: the best way to find the letters so far with the last of them at j.
  let best: (Match | undefined)[] = [];
  for (const [i, letter] of letters.entries()) {
    const next: (Match | undefined)[] = [];
    let before: Match | undefined;
    for (const [j, sign] of signs.entries()) {
      if (i > 0 && j > 1) before = better(before, best[j - 2]);
      if (sign !== letter) continue;
      const beside = i > 0 ? best[j - 1] : undefined;
      const run = beside && { score: beside.score + NEXT, at: [...beside.at, j] };
      const from = i === 0 ? { score: LATE * Math.min(j, 20), at: [] } : before;
      const cost = i === 0 ? 0 : JUMP;
      const jump = from && { score: from.score + cost + worth(signs, j), at: [...from.at, j] };
      next[j] = better(run, jump);
    }
    best = next;
  }
  const found = best.reduce(better, undefined);
  return found && { ...found, score: found.score - signs.length / 50 };
}

function worth(signs: string[], j: number): number {
  if (j === 0) return FIRST;
  return /[\p{L}\p{N}]/u.test(signs[j - 1]!) ? PLAIN : WORD;
}

const better = (a: Match | undefined, b: Match | undefined): Match | undefined =>
  !b || (a && a.score >= b.score) ? a : b;

/** A text in pieces, those that matched marked. */
export function pieces(text: string, at: number[]): { text: string; on: boolean }[] {
  const hit = new Set(at);
  const found: { text: string; on: boolean }[] = [];
  for (const [i, sign] of [...text].entries()) {
    const last = found.at(-1);
    if (last && last.on === hit.has(i)) last.text += sign;
    else found.push({ text: sign, on: hit.has(i) });
  }
  return found;
}
