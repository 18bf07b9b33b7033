// Which output a star is for, and what a row looks like with one more star or one less.
import type { Decision, RecordDetail, Row, Star } from '../api/types';

export interface Target {
  custom_id: string;
  name: string;
  model?: string;
  choice: number;
}

/** As much as previews in the table have. */
const PREVIEW_CHARS = 300;

export interface Judgment {
  score: number;
  tags: string[];
  notes: string;
}

/** The row with one reviewer's star on one output set or taken away. */
export function withStar(
  row: Row,
  target: Pick<Target, 'model' | 'choice'>,
  star: Star | undefined,
  reviewer: string,
): Row {
  return withStars(row, replaced(row.stars, target, star, reviewer));
}

/** What agents say is a suggestion: it counts once a person has made it their own. */
export const isSuggestion = (star: Star) => star.kind === 'agent';

/** The stars that people gave. */
export const ofPeople = (stars: Star[]) => stars.filter((star) => !isSuggestion(star));

/** What is suggested for an output on which a reviewer has no star: the newest. */
export function suggestionFor(
  stars: Star[],
  { model, choice }: Pick<Target, 'model' | 'choice'>,
  reviewer: string,
): Star | undefined {
  const here = stars.filter((star) => star.model === model && star.choice === choice);
  if (here.some((star) => !isSuggestion(star) && star.starred_by === reviewer)) return undefined;
  return latest(here.filter(isSuggestion));
}

/** The star that was given last; of the same time, the last one. */
export const latest = (stars: Star[]): Star | undefined =>
  stars.reduce<Star | undefined>((a, b) => (a && a.starred_at > b.starred_at ? a : b), undefined);

/** The row with other stars, and the score and tags that follow from those of people. */
export function withStars(row: Row, stars: Star[]): Row {
  const given = ofPeople(stars);
  const tags = [...new Set(given.flatMap((star) => star.tags))];
  const changed: Row = { ...row, stars, tags };
  const sum = given.reduce((total, star) => total + star.quality_score, 0);
  if (given.length > 0) changed.score = sum / given.length;
  else delete changed.score;
  return changed;
}

/** The stars with one reviewer's star on one output set or taken away. */
export function replaced(
  stars: Star[],
  target: Pick<Target, 'model' | 'choice'>,
  star: Star | undefined,
  reviewer: string,
): Star[] {
  const others = stars.filter((other) => !isFor(other, target, reviewer));
  return star ? [...others, star] : others;
}

export function isFor(star: Star, target: Pick<Target, 'model' | 'choice'>, reviewer: string) {
  return (
    star.starred_by === reviewer && star.model === target.model && star.choice === target.choice
  );
}

/** Whether two stars say the same of an output, whenever they were given. */
export function agrees(a: Star | undefined, b: Star | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.quality_score === b.quality_score &&
    a.notes === b.notes &&
    a.tags.length === b.tags.length &&
    a.tags.every((tag, i) => tag === b.tags[i])
  );
}

/** Whether two are one and the same star. Those of the earlier tool have no id. */
export function isSame(a: Star | undefined, b: Star | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.id && b.id) return a.id === b.id;
  return a.starred_at === b.starred_at && agrees(a, b);
}

/** A whole record as a row of the table, for where the table has it not at hand. */
export function rowOf(detail: RecordDetail): Row {
  const { custom_id, name, stars } = detail;
  const outputs = detail.outputs.map((output) => ({
    ...output,
    preview: output.text.slice(0, PREVIEW_CHARS),
    chars: output.text.length,
    marks: [],
  }));
  return withStars({ row: 0, custom_id, name, tags: [], outputs, stars: [] } as Row, stars);
}

/** The star that a decision gave. */
export function starOf(said: Decision, starred_by: string): Star {
  const { id, choice, quality_score, tags, notes, at: starred_at } = said;
  const star = { id, choice, quality_score, tags, notes, starred_by, starred_at };
  return { ...star, kind: 'human', stale: false, ...(said.model ? { model: said.model } : {}) };
}

/** What a star on an output is for. */
export function targetOf(
  record: { custom_id: string; name: string },
  output: { model: string; choice: number },
): Target {
  return {
    custom_id: record.custom_id,
    name: record.name,
    model: output.model,
    choice: output.choice,
  };
}
