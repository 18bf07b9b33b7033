// Takes the commonest Markdown signs out of a preview, so that the few words there is room for can be read.
import type { Marked } from './marks';

/** What goes, save the group in it. */
const SIGNS = [
  /^ {0,3}#{1,6} +()/gm,
  /^ {0,3}(?:-{3,}|`{3,}.*)$()/gm,
  /\*\*(?=\S)([^*\n]+)(?<=\S)\*\*/g,
];

export function glance(preview: Marked): Marked {
  return SIGNS.reduce(without, preview);
}

/** The text without these signs; marks stay on what they mark. */
function without({ text, marks }: Marked, signs: RegExp): Marked {
  if (marks.length === 0) return { text: text.replace(signs, '$1'), marks };
  const cuts: [from: number, to: number][] = [];
  for (const { 0: found, 1: kept = '', index } of text.matchAll(signs)) {
    const side = (found.length - kept.length) / 2;
    const end = index + found.length;
    cuts.push([index, index + side], [end - side, end]);
  }
  const moved = (place: number) =>
    cuts.reduce((to, [a, b]) => to - Math.max(0, Math.min(place, b) - a), place);
  return { text: text.replace(signs, '$1'), marks: marks.map((mark) => mark.map(moved)) };
}
