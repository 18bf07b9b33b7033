// What may be completed at the caret of a query, and what the query is then.
import { clausesOf, written } from './clauses';

/** What a clause is about, as docs/query.md lists them. */
export const fields = [
  'model',
  'score',
  'tag',
  'by',
  'of',
  'starred',
  'is',
  'assigned',
  'todo',
  'finish',
  'tokens',
  'chars',
  'name',
  'id',
  'file',
  'rated',
] as const;

/** Fields whose values are known. */
export const completed = [
  'model',
  'tag',
  'by',
  'of',
  'starred',
  'is',
  'assigned',
  'todo',
  'finish',
  'rated',
] as const;
export type Completed = (typeof completed)[number];

/** The clause at the caret, and what of it is typed. */
export interface Spot {
  from: number;
  to: number;
  minus: boolean;
  /** Nothing while the field itself is being typed. */
  field?: Completed;
  typed: string;
}

export function spotAt(q: string, caret: number): Spot | undefined {
  const clause = clausesOf(q).find(({ from, to }) => from < caret && caret <= to);
  if (!clause || clause.goesOn) return undefined;
  const { from, to, minus, field, kind } = clause;
  if (field === undefined) {
    const typed = q.slice(from + (minus ? 1 : 0), caret);
    const isField = kind === 'word' && caret === to && /^[a-z_]+$/.test(typed);
    return isField ? { from, to, minus, typed } : undefined;
  }
  const start = from + (minus ? 1 : 0) + field.length + 1;
  const known = completed.find((name) => name === field);
  if (!known || caret < start) return undefined;
  const typed = q.slice(start, caret).replace(/^"|(?<!\\)"$/g, '');
  return { from, to, minus, field: known, typed: typed.replace(/\\([^])/g, '$1') };
}

/** The fields that begin with what is typed. */
export function fieldsFor({ typed }: Spot): string[] {
  return fields.filter((field) => field.startsWith(typed) && field !== typed);
}

/** The values that go with what is typed, those that begin with it first. */
export function valuesFor<T extends { value: string }>({ typed }: Spot, known: T[]): T[] {
  const wanted = typed.toLowerCase();
  const place = ({ value }: T) => value.toLowerCase().indexOf(wanted);
  const found = known.filter((one) => place(one) >= 0 && one.value !== typed);
  return [...found.filter((one) => place(one) === 0), ...found.filter((one) => place(one) > 0)];
}

/** The query with the clause at the caret completed, and where the caret is then. */
export function complete(q: string, spot: Spot, value: string): { q: string; caret: number } {
  if (spot.field === 'rated') return completeRated(q, spot, value);
  const clause = spot.field
    ? `${written(spot.field, value, spot.minus)} `
    : `${spot.minus ? '-' : ''}${value}:`;
  const rest = q.slice(spot.to);
  const before = q.slice(0, spot.from) + clause;
  return { q: before + (spot.field ? rest.trimStart() : rest), caret: before.length };
}

// Behind the model its score is still to come: before the quotation mark, if there is one.
function completeRated(q: string, { from, to, minus }: Spot, model: string) {
  const clause = written('rated', `${model}=`, minus);
  const caret = from + clause.length - (clause.endsWith('"') ? 1 : 0);
  return { q: q.slice(0, from) + clause + q.slice(to), caret };
}

/** The query without the clause that is being typed. */
export function around(q: string, spot: Spot): string {
  return `${q.slice(0, spot.from)} ${q.slice(spot.to)}`.trim().replace(/ {2,}/g, ' ');
}
