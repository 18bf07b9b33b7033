// A query in pieces, each with what it is, so that it can be coloured while it is typed.
import { clausesOf } from '../state/clauses';
import { fields } from '../state/completion';

export type Paint = 'plain' | 'minus' | 'field' | 'unknown' | 'value' | 'phrase' | 'pattern';

export interface Piece {
  text: string;
  paint: Paint;
}

/** All pieces together are the query, space for space. */
export function painted(q: string): Piece[] {
  const pieces: Piece[] = [];
  const put = (from: number, to: number, paint: Paint) => {
    if (from < to) pieces.push({ text: q.slice(from, to), paint });
  };
  let at = 0;
  for (const { from, to, minus, field, kind } of clausesOf(q)) {
    put(at, from, 'plain');
    const start = from + (minus ? 1 : 0);
    put(from, start, 'minus');
    const colon = field === undefined ? start : start + field.length + 1;
    put(start, colon, fields.some((known) => known === field) ? 'field' : 'unknown');
    if (field !== undefined) put(colon, to, 'value');
    else put(colon, to, kind === 'word' ? 'plain' : kind);
    at = to;
  }
  put(at, q.length, 'plain');
  return pieces;
}
