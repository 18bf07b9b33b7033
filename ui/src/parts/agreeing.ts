// Of each figure of the agreement page what it says besides its marks: its sentence, its table, where its marks lead.
import type { Agreement, Measured, PairOf, ReviewerOf } from '../api/types';
import { written } from '../state/clauses';
import { words } from '../words/en';
import { percent } from '../words/numbers';
import type { Cell } from './chart';
import { type Figure, leadTo } from './figures';
import { cell, count, plain, told } from './measured';

const say = words.agreement;

/** Those who are most disagreed about come first. */
export const FARTHEST = '-disagreement';
/** So many reviewers have room in the matrix. */
export const DRAWN_MAX = 16;

const share = ({ value }: Measured) => cell(value, (n) => percent(n, 1));

export const nameOf = ({ value, kind }: ReviewerOf) =>
  kind === 'agent' ? say.reviewers.agent(value) : value;
export const flagsOf = ({ flags }: ReviewerOf) => flags.map((flag) => say.reviewers.flags[flag]);
export const leadToReviewer = (q: string, who: string) => leadTo(q, [written('by', who)], FARTHEST);

/** A thing with a value, as a dot; `note` may have to be short. */
export interface DotRow {
  key: string;
  name: string;
  value: number;
  low?: number | undefined;
  high?: number | undefined;
  note: (short: boolean) => string;
  mark: string;
  href: string;
}

/** Those who share outputs with others, the harshest first. */
export function compared({ reviewers }: Agreement): ReviewerOf[] {
  return reviewers
    .filter(({ bias }) => bias.value !== undefined)
    .toSorted((a, b) => a.bias.value! - b.bias.value!);
}

export function reviewers(report: Agreement, q: string): Figure {
  const named = compared(report).filter(({ flags }) => flags.length > 0);
  const rows = report.reviewers.map((one): Cell[] => [
    { text: nameOf(one), href: leadToReviewer(q, one.value) },
    count(one.outputs),
    count(one.shared),
    cell(one.bias.value, say.signed),
    cell(one.bias.low, say.signed),
    cell(one.bias.high, say.signed),
    plain(one.noise.value),
    plain(one.noise.low),
    plain(one.noise.high),
    { text: flagsOf(one).join(', ') },
  ]);
  return {
    reading: say.reviewers.reading(
      named.map((one) => say.reviewers.named(nameOf(one), flagsOf(one))),
    ),
    data: { columns: say.reviewers.columns, rows },
  };
}

/** The reviewers' biases as dots. */
export const biases = (report: Agreement, q: string): DotRow[] =>
  compared(report).map((one) => ({
    key: one.value,
    name: nameOf(one),
    value: one.bias.value!,
    low: one.bias.low,
    high: one.bias.high,
    note: (short) =>
      [...flagsOf(one), short ? '' : say.reviewers.noise(told(one.noise))]
        .filter(Boolean)
        .join(' · '),
    mark: say.reviewers.mark(
      nameOf(one),
      say.signed(one.bias.value!),
      told(one.noise),
      one.shared,
      flagsOf(one),
    ),
    href: leadToReviewer(q, one.value),
  }));

/** As far as the farthest interval goes, and a point in any case. */
export function biasScale(report: Agreement) {
  const ends = compared(report).flatMap(({ bias }) => [bias.value, bias.low, bias.high]);
  const most = Math.ceil(Math.max(1, ...ends.map((n) => Math.abs(n ?? 0))));
  const text = (at: number) => (at === 0 ? '0' : say.signed(at).replace('.00', ''));
  return { from: -most, to: most, ticks: [-most, 0, most].map((at) => ({ at, text: text(at) })) };
}

/** The reviewers of the matrix, in the order of their names: those who share most. */
export function drawn({ reviewers }: Agreement): string[] {
  const most = reviewers
    .filter(({ shared }) => shared > 0)
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, DRAWN_MAX);
  return reviewers.filter((one) => most.includes(one)).map(({ value }) => value);
}

export function pairs(report: Agreement, q: string): Figure {
  const rows = report.pairs.map((pair): Cell[] => [
    { text: pair.a, href: leadToReviewer(q, pair.a) },
    { text: pair.b, href: leadToReviewer(q, pair.b) },
    count(pair.outputs),
    plain(pair.quadratic.value),
    plain(pair.quadratic.low),
    plain(pair.quadratic.high),
    plain(pair.linear.value),
    plain(pair.kappa.value),
    share(pair.exact),
    share(pair.within_one),
    cell(pair.difference.value, say.signed),
  ]);
  return { reading: readPairs(report), data: { columns: say.pairs.columns, rows } };
}

function readPairs(report: Agreement): string {
  const known = report.pairs
    .filter(({ quadratic }) => quadratic.value !== undefined)
    .toSorted((x, y) => y.quadratic.value! - x.quadratic.value!);
  const [best, worst] = [known[0], known.at(-1)];
  if (!best || !worst) return say.pairs.none;
  const kappa = ({ quadratic }: PairOf) => quadratic.value!;
  if (best === worst) return say.pairs.readingOne(best.a, best.b, kappa(best));
  const reading = say.pairs.reading(best.a, best.b, kappa(best), worst.a, worst.b, kappa(worst));
  const all = compared(report).length;
  return all > DRAWN_MAX ? `${reading} ${say.pairs.more(DRAWN_MAX, all)}` : reading;
}

/** Where the outputs are whose scores are so far apart: four is a dispute whatever else was said. */
export const leadToSpread = (q: string, apart: number) =>
  leadTo(q, [apart >= 4 ? 'is:disputed' : 'is:starred'], FARTHEST);

export function spread({ ranges, shared, disputed }: Agreement, q: string): Figure {
  const [same = 0, one = 0] = ranges;
  const rows = ranges.map((n, apart): Cell[] => [
    { text: `${apart}`, value: apart },
    n > 0 ? { ...count(n), href: leadToSpread(q, apart) } : count(n),
  ]);
  return {
    reading: say.spread.reading(same, same + one, disputed, shared),
    data: { columns: say.spread.columns, rows },
  };
}
