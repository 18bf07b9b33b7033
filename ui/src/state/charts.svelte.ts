// What the charts show: the counts of the query's stars, and of two models against each other.
import { api, type ApiError, isAbort } from '../api/client';
import type { Assignment, Pairs, Stats } from '../api/types';

const WAIT_MS = 150;

export interface Source {
  stats: typeof api.stats;
  pairs: typeof api.pairs;
  assignments?: typeof api.assignments;
}

export class Charts {
  stats = $state.raw<Stats | undefined>();
  /** The query that the counts are of. */
  q = $state('');
  pairs = $state.raw<Pairs | undefined>();
  /** Of all records, whatever the query. */
  assignments = $state.raw<Assignment[]>([]);
  error = $state.raw<ApiError | undefined>();
  loading = $state(false);

  #x = $state('');
  #y = $state('');
  #source: Source;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: AbortController | undefined;

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
    this.#source = source;
  }

  /** Asks for the counts of a query. The former stay until the new ones are here. */
  ask(q: string): void {
    clearTimeout(this.#timer);
    this.loading = true;
    this.#timer = setTimeout(() => void this.#fetch(q), this.stats ? WAIT_MS : 0);
  }

  compare(x: string, y: string): void {
    // Choosing for one side what the other has, swaps them.
    [this.#x, this.#y] = x !== y ? [x, y] : x === this.x ? [this.y, y] : [x, this.x];
    this.ask(this.q);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  async #fetch(q: string): Promise<void> {
    this.#flight?.abort();
    const { signal } = (this.#flight = new AbortController());
    try {
      const found = await this.#source.stats(q, signal);
      this.stats = found;
      this.q = q;
      this.pairs =
        this.x && this.y ? await this.#source.pairs(q, this.x, this.y, signal) : undefined;
      this.assignments = (await this.#source.assignments?.(signal))?.assignments ?? [];
      this.error = undefined;
    } catch (error) {
      if (isAbort(error)) return;
      this.error = error as ApiError;
    }
    if (!signal.aborted) this.loading = false;
  }
}

export const sum = (counts: number[]) => counts.reduce((all, n) => all + n, 0);

/** The mean score of stars counted by score; 0 without stars. */
export function meanOf(scores: number[]): number {
  const stars = sum(scores);
  return stars === 0 ? 0 : sum(scores.map((n, i) => n * (i + 1))) / stars;
}
