// How far the reviewers of one output are apart, for the table.
import type { Star } from '../api/types';

export interface Apart {
  /** The standard deviation of the scores as a sample. */
  deviation: number;
  /** The highest less the lowest. */
  range: number;
}

/** Of the output whose reviewers are farthest apart; nothing where no output has several stars. */
export function apart(stars: Star[]): Apart | undefined {
  if (stars.length < 2) return undefined;
  const outputs = new Map<string, number[]>();
  for (const { model, choice, quality_score } of stars) {
    const output = JSON.stringify([model, choice]);
    outputs.set(output, [...(outputs.get(output) ?? []), quality_score]);
  }
  let farthest: Apart | undefined;
  for (const scores of outputs.values()) {
    if (scores.length < 2) continue;
    const mean = scores.reduce((sum, n) => sum + n, 0) / scores.length;
    const squares = scores.reduce((sum, n) => sum + (n - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / (scores.length - 1));
    const range = Math.max(...scores) - Math.min(...scores);
    if (!farthest || deviation > farthest.deviation) farthest = { deviation, range };
  }
  return farthest;
}
