// What the charts show: the counts of the query's stars, and of two models against each other.
import { api } from '../api/client';
import type { Assignment, Pairs, Stats } from '../api/types';
import { Asking } from './asking.svelte';

export type Source = Pick<typeof api, 'stats' | 'pairs' | 'assignments'>;

export class Charts extends Asking {
  stats = $state.raw<Stats | undefined>();
  pairs = $state.raw<Pairs | undefined>();
  /** Of all records, whatever the query. */
  assignments = $state.raw<Assignment[]>([]);

  #x = $state('');
  #y = $state('');
  #source: Source;

  /** Those most starred come first, for they can be compared. */
  readonly models = $derived(
    (this.stats?.models ?? [])
      .map(({ value, scores }) => ({ value, stars: sum(scores) }))
      .toSorted((a, b) => b.stars - a.stars)
      .map(({ value }) => value),
  );
  readonly x = $derived(this.models.includes(this.#x) ? this.#x : (this.models[0] ?? ''));
  readonly y = $derived(
    this.models.includes(this.#y) && this.#y !== this.x
      ? this.#y
      : (this.models.find((model) => model !== this.x) ?? ''),
  );

  constructor(source: Source = api) {
    super();
    this.#source = source;
  }

  compare(x: string, y: string): void {
    // Choosing for one side what the other has, swaps them.
    [this.#x, this.#y] = x !== y ? [x, y] : x === this.x ? [this.y, y] : [x, this.x];
    this.ask(this.q);
  }

  protected get isThere(): boolean {
    return this.stats !== undefined;
  }

  protected async fetch(q: string, signal: AbortSignal): Promise<void> {
    this.stats = await this.#source.stats(q, signal);
    this.q = q;
    this.pairs = this.x && this.y ? await this.#source.pairs(q, this.x, this.y, signal) : undefined;
    this.assignments = (await this.#source.assignments(signal)).assignments;
  }
}

export const sum = (counts: number[]) => counts.reduce((all, n) => all + n, 0);

/** The mean score of stars counted by score; 0 without stars. */
export function meanOf(scores: number[]): number {
  const stars = sum(scores);
  return stars === 0 ? 0 : sum(scores.map((n, i) => n * (i + 1))) / stars;
}
