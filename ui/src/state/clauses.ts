// The clauses of a query as text: where each stands, and how one is added, turned round or taken away.

/** A clause and where it stands in the query. */
export interface Clause {
  from: number;
  to: number;
  minus: boolean;
  /** `tag` in `tag:senior`. */
  field?: string;
  /** What is looked for: of a phrase without its quotation marks, of a pattern without its slashes. */
  value: string;
  kind: 'word' | 'phrase' | 'pattern';
  /** Whether a quotation mark was opened and not closed. */
  open: boolean;
  /** Whether the last word may go on. */
  goesOn: boolean;
}

/** Minus, pattern, field, phrase with its star, open phrase, or word: the grammar of docs/query.md. */
const CLAUSE =
  /\s*((-(?=\S))?(?:\/((?:\\[^]|[^\\])+?)\/(?=\s|$)|(?:([a-z_]+):(?!\/\/))?(?:"((?:\\[^]|[^"\\])*)"(\*?)|"((?:\\[^]|[^"\\])*)$|(\S+))|([a-z_]+):))/gy;

export function clausesOf(q: string): Clause[] {
  return Array.from(q.matchAll(CLAUSE), (found) => {
    const [all, text = '', minus, pattern, field, phrase, star, open, word = '', bare] = found;
    const to = found.index + all.length;
    // A field whose value is still to come reads as a word at first.
    const lone = /^([a-z_]+):$/.exec(word)?.[1] ?? bare;
    const clause: Clause = {
      from: to - text.length,
      to,
      minus: minus !== undefined,
      value: pattern ?? unescaped(phrase ?? open) ?? (lone ? '' : word),
      kind: pattern !== undefined ? 'pattern' : (phrase ?? open) !== undefined ? 'phrase' : 'word',
      open: open !== undefined,
      goesOn: star === '*' || (!field && word.endsWith('*')),
    };
    const of = field ?? lone;
    return of === undefined ? clause : { ...clause, field: of };
  });
}

/** The clause as it is written, in quotation marks where it needs them. */
export function written(field: string, value: string, minus = false): string {
  const needs = value === '' || /[\s"]/.test(value);
  const quoted = needs ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
  return `${minus ? '-' : ''}${field}:${quoted}`;
}

/** Whether the query asks for this value, or for records without it. */
export function standing(q: string, field: string, value: string): 'on' | 'not' | undefined {
  const found = clausesOf(q).find((clause) => says(clause, field, value));
  return found && (found.minus ? 'not' : 'on');
}

/** Asks for the value, or no more when it is asked for. */
export function toggle(q: string, field: string, value: string): string {
  const rest = omit(q, (clause) => says(clause, field, value));
  if (standing(q, field, value) === 'on') return rest;
  const open = omit(rest, (clause) => !clause.minus && rivals(clause, field, value));
  return append(open, written(field, value));
}

/** Asks for records without the value, or no more when they are asked for. */
export function negate(q: string, field: string, value: string): string {
  const rest = omit(q, (clause) => says(clause, field, value));
  return standing(q, field, value) === 'not' ? rest : append(rest, written(field, value, true));
}

/** The numbers that the query asks for in a field, ends included; nothing when it leaves them open. */
export function rangeOf(q: string, field: string): [from: number, to: number] | undefined {
  const found = clausesOf(q).find((clause) => clause.field === field && !clause.minus);
  if (!found) return undefined;
  const [, sign, only] = /^(>=|<=|>|<)(\d+)$/.exec(found.value) ?? [];
  const n = Number(only);
  if (sign === '>=' || sign === '>') return [sign === '>' ? n + 1 : n, Infinity];
  if (sign) return [0, sign === '<' ? n - 1 : n];
  const range = /^(\d*)(\.\.)?(\d*)$/.exec(found.value);
  if (!range || (range[1] === '' && range[3] === '')) return undefined;
  const [, from, dots, to] = range;
  if (!dots) return [Number(from), Number(from)];
  return [from ? Number(from) : 0, to ? Number(to) : Infinity];
}

/** Asks for numbers from one to the other, both included, instead of what was asked for; without them, for any. */
export function withRange(q: string, field: string, range?: [from: number, to: number]): string {
  const rest = omit(q, (clause) => clause.field === field && !clause.minus);
  if (!range) return rest;
  const [from, to] = range;
  const value = from === to ? `${from}` : `${from}..${to === Infinity ? '' : to}`;
  return append(rest, `${field}:${value}`);
}

/** The query without one of its clauses. */
export function without(q: string, clause: Clause): string {
  return omit(q, ({ from }) => from === clause.from);
}

const append = (q: string, clause: string) => (q ? `${q} ${clause}` : clause);

function omit(q: string, gone: (clause: Clause) => boolean): string {
  const kept = clausesOf(q).filter((clause) => !gone(clause));
  return kept.map(({ from, to }) => q.slice(from, to)).join(' ');
}

const unescaped = (text: string | undefined) => text?.replace(/\\([^])/g, '$1');

/** Fields that find what contains the value, capital or small; the others find it exactly. */
const LOOSE = new Set(['model', 'finish', 'name', 'id', 'file']);

function says(clause: Clause, field: string, value: string): boolean {
  if (clause.field !== field) return false;
  return LOOSE.has(field)
    ? clause.value.toLowerCase() === value.toLowerCase()
    : clause.value === value;
}

/** Fields of which an output, or a star, has but one value: a second one would find nothing. */
const SINGLE = new Set(['model', 'finish', 'by', 'of', 'score']);
/** States of which no two hold at once. */
const OPPOSED = [
  ['unreviewed', 'starred'],
  ['unreviewed', 'stale'],
  ['unreviewed', 'disputed'],
  ['error', 'empty'],
];

function rivals(clause: Clause, field: string, value: string): boolean {
  if (clause.field !== field) return false;
  if (field !== 'is') return SINGLE.has(field);
  return OPPOSED.some((pair) => pair.includes(clause.value) && pair.includes(value));
}
