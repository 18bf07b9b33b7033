// What a query asks about whoever asks: `assigned:me`, `todo:me`.
import { clausesOf } from './clauses';

/** Whether the answer is another one for another reviewer. */
export const isAboutMe = (q: string) =>
  clausesOf(q).some(
    ({ field, value }) => (field === 'assigned' || field === 'todo') && value === 'me',
  );

/** Whose stars end what is asked for; nobody's where those of anybody do. */
export function doneBy(q: string, me: string): string | undefined {
  const found = clausesOf(q).find(({ field, minus }) => field === 'todo' && !minus);
  return found && (found.value === 'me' ? me : found.value);
}
