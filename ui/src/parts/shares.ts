// Who reviews what and how far they are: the sentence, the table, and where the bars lead.
import type { Assignment } from '../api/types';
import { written } from '../state/clauses';
import { words } from '../words/en';
import type { Cell } from './chart';
import { type Figure, leadTo } from './figures';

const say = words.charts.shares;

/** A reviewer's share of an assignment. */
export interface Bar {
  label: string;
  assigned: number;
  done: number;
  left: number;
  cannot: number;
  /** To those they have done, and those that are left to them. */
  hrefs: { done: string; left: string };
}

/** A name is of several assignments, and so are the records that its marks lead to. */
export const bars = (assignments: Assignment[]): Bar[] =>
  assignments.flatMap((assignment) =>
    assignment.reviewers.map(({ name, assigned, done, left, cannot }) => ({
      label: assignments.length > 1 ? say.of(name, assignment.name) : name,
      assigned,
      done,
      left,
      cannot,
      hrefs: {
        done: leadTo('', [written('assigned', name), written('by', name)]),
        left: leadTo('', [written('todo', name)]),
      },
    })),
  );

export function shares(assignments: Assignment[], shown: Bar[]): Figure {
  const cell = (n: number, href?: string): Cell => ({
    text: words.number(n),
    value: n,
    ...(href && n > 0 ? { href } : {}),
  });
  const row = (bar: Bar) => [
    { text: bar.label },
    cell(bar.assigned),
    cell(bar.done, bar.hrefs.done),
    cell(bar.left, bar.hrefs.left),
    cell(bar.cannot),
  ];
  const read = ({ name, complete, full, records, overlap }: Assignment) =>
    say.reading(name, complete, full, records, overlap);
  return {
    reading: assignments.map(read).join(' '),
    data: { columns: say.columns, rows: shown.map(row) },
  };
}
