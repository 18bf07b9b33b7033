// Adds clauses to a query: what a chart or a command shows is the query it stands in, and a little more.
import { clausesOf } from './clauses';

/** The query with these clauses; what it says already is not said twice. */
export function narrow(q: string, ...clauses: string[]): string {
  let text = q.trim();
  for (const clause of clauses) {
    const said = clausesOf(text).some(({ from, to }) => text.slice(from, to) === clause);
    if (!said) text = text ? `${text} ${clause}` : clause;
  }
  return text;
}
