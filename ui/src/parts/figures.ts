// Of each chart what it says besides its marks: the sentence that reads it, its table, and where its marks lead.
import type { Counts, Pace, Pairs, Scores, Stats } from '../api/types';
import { meanOf, sum } from '../state/charts.svelte';
import { written } from '../state/clauses';
import { narrow } from '../state/narrow';
import { format } from '../state/place.svelte';
import { words } from '../words/en';
import { percent } from '../words/numbers';
import { type Cell, type Data, given, moment, sayMoment } from './chart';

const say = words.charts;

export type Split = 'all' | 'models' | 'reviewers' | 'tags';

export interface Figure {
  reading: string;
  data: Data;
}

/** The address of the table with the query and these clauses. */
export const leadTo = (q: string, clauses: string[], sort = '') =>
  format({ q: narrow(q, ...clauses), sort, row: 0 }) || '#';

const count = (n: number, href?: string): Cell => {
  const cell: Cell = { text: words.number(n), value: n };
  return href && n > 0 ? { ...cell, href } : cell;
};

export function progress({ records, reviewed, estimate }: Stats, q: string) {
  const hrefs = {
    reviewed: leadTo(q, ['is:starred']),
    open: leadTo(q, ['is:unreviewed']),
  };
  const left = estimate && { perHour: estimate.per_hour, hours: estimate.hours_left };
  const row = (name: string, n: number, href: string): Cell[] => [
    { text: name },
    count(n, href),
    { text: percent(n, records) },
  ];
  return {
    hrefs,
    reading: say.progress.reading(reviewed, records, left),
    data: {
      columns: say.progress.columns,
      rows: [
        row(say.progress.reviewed, reviewed, hrefs.reviewed),
        row(say.progress.open, records - reviewed, hrefs.open),
      ],
    },
  };
}

export interface Panel extends Scores {
  label: string;
}

/** Who is shown in a split; those without stars are not. */
export function panels(stats: Stats, split: Split): Panel[] {
  if (split === 'all') return [{ value: '', label: say.scores.all, scores: stats.scores }];
  return stats[split]
    .filter(({ scores }) => sum(scores) > 0)
    .map((one) => ({
      value: one.value,
      scores: one.scores,
      label: 'kind' in one && one.kind === 'agent' ? say.scores.agent(one.value) : one.value,
    }));
}

/** The clauses that say: this score, of this model, reviewer or tag. */
export function scoreClauses(split: Split, value: string, score: number): string[] {
  if (split === 'all') return [`score:${score}`];
  const field = { models: 'of', reviewers: 'by', tags: 'tag' }[split];
  return [written(field, value), `score:${score}`];
}

export function scores(shown: Panel[], split: Split, q: string): Figure {
  const columns = [say.scores.columns.who, ...Array.from({ length: 10 }, (_, i) => `${i + 1}`)];
  const rows = shown.map((panel): Cell[] => [
    { text: panel.label },
    ...panel.scores.map((n, i) => count(n, leadTo(q, scoreClauses(split, panel.value, i + 1)))),
    count(sum(panel.scores)),
    { text: say.scores.mean(meanOf(panel.scores)), value: meanOf(panel.scores) },
  ]);
  return {
    reading: readScores(shown, split),
    data: { columns: [...columns, say.scores.columns.total, say.scores.columns.mean], rows },
  };
}

function readScores(shown: Panel[], split: Split): string {
  const byMean = shown.toSorted((a, b) => meanOf(b.scores) - meanOf(a.scores));
  const [best, worst] = [byMean[0], byMean.at(-1)];
  if (!best || !worst) return '';
  const stars = sum(best.scores);
  if (split === 'all') {
    return say.scores.reading(stars, meanOf(best.scores), sum(best.scores.slice(7)));
  }
  if (best === worst) return say.scores.readingOne(best.label, meanOf(best.scores), stars);
  return say.scores.readingSplit(
    best.label,
    meanOf(best.scores),
    worst.label,
    meanOf(worst.scores),
  );
}

export const pairClauses = (x: string, i: number, y: string, j: number) => [
  written('rated', `${x}=${i}`),
  written('rated', `${y}=${j}`),
];

export function pairs({ counts }: Pairs, x: string, y: string, q: string): Figure {
  let [more, less, same] = [0, 0, 0];
  const rows: Cell[][] = [];
  for (const [i, row] of counts.entries()) {
    for (const [j, n] of row.entries()) {
      if (n === 0) continue;
      if (i > j) more += n;
      else if (i < j) less += n;
      else same += n;
      const href = leadTo(q, pairClauses(x, i + 1, y, j + 1));
      rows.push([
        { text: `${i + 1}`, value: i + 1 },
        { text: `${j + 1}`, value: j + 1 },
        count(n, href),
      ]);
    }
  }
  return {
    reading: say.pairs.reading(x, more, y, less, same),
    data: { columns: say.pairs.columns(x, y), rows },
  };
}

export interface Line extends Counts {
  label: string;
  /** The address of the records that piece of time `i` counts. */
  href: (i: number) => string;
}

/** To the stars of one piece of time, the newest first. */
const leadToTime =
  ({ from, bucket }: Pace, q: string, ...clauses: string[]) =>
  (i: number) =>
    leadTo(q, [...clauses, given(from, bucket, i)], '-starred_at');

/** Everyone in the first row, and under it each reviewer where there are several. */
export function paceLines(pace: Pace | undefined, q: string): Line[] {
  if (!pace) return [];
  const all = {
    value: '',
    label: say.pace.all,
    counts: pace.counts,
    href: leadToTime(pace, q),
  };
  if (pace.reviewers.length < 2) return [all];
  const each = pace.reviewers.map(({ value, counts }) => ({
    value: `by:${value}`,
    label: value,
    counts,
    href: leadToTime(pace, q, written('by', value)),
  }));
  return [all, ...each];
}

export const tagLines = ({ pace, tags_over_time }: Stats, q: string): Line[] =>
  !pace
    ? []
    : tags_over_time.map(({ value, counts }) => ({
        value,
        label: value,
        counts,
        href: leadToTime(pace, q, written('tag', value)),
      }));

/** Without a star whose time can be read there is nothing to say. */
const nothing: Figure = { reading: '', data: { columns: [], rows: [] } };

export function pace(pace: Pace | undefined, lines: Line[]): Figure {
  if (!pace) return nothing;
  const { bucket, from, counts } = pace;
  const most = Math.max(...counts);
  const when = sayMoment(moment(from, bucket, counts.indexOf(most)), bucket);
  return {
    reading: say.pace.reading(sum(counts), say.pace.buckets[bucket], when, most),
    data: overTime(pace, lines),
  };
}

export function tags(pace: Pace | undefined, lines: Line[]): Figure {
  if (!pace) return nothing;
  const byCount = lines.toSorted((a, b) => sum(b.counts) - sum(a.counts));
  const first = byCount[0];
  const late = lines.toSorted((a, b) => lastQuarter(b) - lastQuarter(a))[0];
  return {
    reading: first ? say.tags.reading(first.label, sum(first.counts), late?.label) : '',
    data: overTime(pace, lines),
  };
}

const lastQuarter = ({ counts }: Line) => sum(counts.slice(-Math.ceil(counts.length / 4)));

/** A row for each stretch of time in which something happened. */
function overTime({ bucket, from, counts }: Pace, lines: Line[]): Data {
  const rows = counts.flatMap((_, i): Cell[][] => {
    if (lines.every((line) => !line.counts[i])) return [];
    const when = moment(from, bucket, i);
    return [
      [
        { text: sayMoment(when, bucket), value: when.toISOString() },
        ...lines.map((line) => count(line.counts[i] ?? 0, line.href(i))),
      ],
    ];
  });
  return { columns: [say.pace.columns.when, ...lines.map(({ label }) => label)], rows };
}
