// What is marked in a preview: where marks stand, the stretches they make, and how to bring the first one near.

/** A text and where in it something is marked: start and end, in UTF-16 code units. */
export interface Marked {
  text: string;
  marks: readonly (readonly number[])[];
}

export interface Stretch {
  text: string;
  marked: boolean;
}

/** The text cut where marks begin and end. Marks that are out of range, crossed or turned round are clamped. */
export function stretches({ text, marks }: Marked): Stretch[] {
  const cut: Stretch[] = [];
  let at = 0;
  const put = (to: number, marked: boolean) => {
    if (to <= at) return;
    const last = cut.at(-1);
    if (last?.marked === marked) last.text += text.slice(at, to);
    else cut.push({ text: text.slice(at, to), marked });
    at = to;
  };
  for (const [from, to] of within(text, marks)) {
    put(from, false);
    put(to, true);
  }
  put(text.length, false);
  return cut;
}

/** Begins a little before the first mark when that would end beyond the room there is. */
export function near(shown: Marked, room: number): Marked {
  const { text } = shown;
  const marks = within(text, shown.marks);
  const first = marks[0];
  if (!first || first[1] <= room) return shown;
  const some = Math.floor(room / 4);
  const back = Math.max(0, first[0] - some);
  // With the whole word that stands there, unless it is a long one.
  let start = back - /\S*$/.exec(text.slice(Math.max(0, back - some), back))![0].length;
  // Never between the two halves of one sign.
  if (/^[\uDC00-\uDFFF]/.test(text.slice(start))) start++;
  if (start <= 1) return shown;
  return {
    text: `…${text.slice(start)}`,
    marks: marks.map((mark) => mark.map((place) => place - start + 1)),
  };
}

/** The marks that mark something, in order, all of them within the text. */
function within(text: string, marks: Marked['marks']): [number, number][] {
  const place = (of: number | undefined) =>
    Math.max(0, Math.min(text.length, Math.trunc(of ?? 0) || 0));
  return marks
    .map(([from, to]): [number, number] => [place(from), place(to)])
    .filter(([from, to]) => from < to)
    .sort(([a], [b]) => a - b);
}
