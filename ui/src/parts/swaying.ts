// Of each figure of what sways scores what it says besides its marks: its sentence, its table, where its marks lead.
import type { Bias, Measured, Sway } from '../api/types';
import { written } from '../state/clauses';
import { words } from '../words/en';
import type { DotRow } from './agreeing';
import type { Cell } from './chart';
import { type Figure, leadTo } from './figures';
import { cell } from './measured';

const say = words.swaying;
const { signed, two } = words.agreement;

interface One {
  name: string;
  href: string;
  sway: Sway;
}

function each({ all, reviewers }: Bias, q: string): One[] {
  const one = ({ value, sway }: Bias['reviewers'][number]) => ({
    name: value,
    sway,
    href: leadTo(q, [written('by', value)], ''),
  });
  const own = reviewers.map(one);
  // Of one reviewer alone everyone would be the same line twice.
  return own.length === 1 ? own : [{ name: say.all, sway: all, href: leadTo(q, [], '') }, ...own];
}

const dot = ({ name, href }: One, { value = 0, low, high }: Measured, mark: string): DotRow => ({
  key: href + name,
  name,
  value,
  low,
  high,
  note: () => signed(value),
  mark,
  href,
});

/** How far the scores of each depend on the column. */
export function placeDots(bias: Bias, q: string): DotRow[] {
  const known = each(bias, q).filter(({ sway }) => sway.place.first.value !== undefined);
  return known.map((one) => {
    const { first, scores } = one.sway.place;
    return dot(one, first, say.place.mark(one.name, valueOf(first), scores));
  });
}

/** How far the scores of each go with length. */
export function lengthDots(bias: Bias, q: string): DotRow[] {
  const known = each(bias, q).filter(({ sway }) => sway.length.correlation.value !== undefined);
  return known.map((one) => {
    const { correlation, scores } = one.sway.length;
    return dot(one, correlation, say.length.mark(one.name, valueOf(correlation), scores));
  });
}

/** As far as the farthest interval goes on either side, and one in any case. */
export function scaleOf(rows: DotRow[]) {
  const ends = rows.flatMap(({ value, low = value, high = value }) => [low, high].map(Math.abs));
  const most = Math.ceil(Math.max(1, ...ends));
  const text = (at: number) => (at === 0 ? '0' : signed(at).replace('.00', ''));
  return { from: -most, to: most, ticks: [-most, 0, most].map((at) => ({ at, text: text(at) })) };
}

export function place(bias: Bias, q: string): Figure {
  const flagged = bias.reviewers.filter(({ sway }) => sway.place.flag).map(({ value }) => value);
  const rows = each(bias, q).map(({ name, href, sway: { place } }): Cell[] => [
    { text: name, href },
    { text: words.number(place.scores), value: place.scores },
    cell(place.first.value, signed),
    cell(place.first.low, signed),
    cell(place.first.high, signed),
    {
      text: place.places
        .map(({ mean }) => (mean.value === undefined ? '–' : two(mean.value)))
        .join(' · '),
    },
  ]);
  return {
    reading: say.place.reading(flagged, valueOf(bias.all.place.first)),
    data: { columns: say.place.columns, rows },
  };
}

export function length(bias: Bias, q: string): Figure {
  const flagged = bias.reviewers.filter(({ sway }) => sway.length.flag);
  const of = (sign: number) =>
    flagged
      .filter(({ sway }) => (sway.length.correlation.value ?? 0) * sign > 0)
      .map(({ value }) => value);
  const rows = each(bias, q).map(({ name, href, sway: { length } }): Cell[] => [
    { text: name, href },
    { text: words.number(length.scores), value: length.scores },
    cell(length.correlation.value, signed),
    cell(length.correlation.low, signed),
    cell(length.correlation.high, signed),
    cell(length.slope.value, signed),
  ]);
  return {
    reading: say.length.reading(of(1), of(-1), valueOf(bias.all.length.correlation)),
    data: { columns: say.length.columns, rows },
  };
}

const valueOf = ({ value }: Measured) =>
  value === undefined ? words.agreement.undefined : signed(value);
