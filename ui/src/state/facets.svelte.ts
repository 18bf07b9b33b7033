// How the records of the query are spread, for whoever shows it: asked anew as the query and the stars change.
import { untrack } from 'svelte';
import { isAbort, api } from '../api/client';
import type { FacetsBody, HistogramBody } from '../api/types';

const WAIT_MS = 150;
/** Stars come faster than counts of millions are worth. */
const REFRESH_MS = 1500;

export class Facets {
  body = $state.raw<FacetsBody | undefined>();
  /** Whether newer numbers are on their way, or could not be had. */
  stale = $state(false);

  #users = 0;
  #q = '';
  #planned = false;
  #askedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: AbortController | undefined;
  #ask: typeof api.facets;

  constructor(ask: typeof api.facets = api.facets) {
    this.#ask = ask;
  }

  /** Counts for a query from now on, as long as somebody looks; returns how to stop. */
  show(q: string): () => void {
    // Called in effects, which must not follow what it looks at here.
    untrack(() => this.#begin(q));
    return () => {
      if (--this.#users > 0) return;
      clearTimeout(this.#timer);
      this.#planned = false;
      this.#flight?.abort();
      this.stale = true;
    };
  }

  #begin(q: string): void {
    this.#users++;
    // Nobody who opens them a second time has to wait for what is here already.
    if (q !== this.#q || this.stale || !this.body) this.#plan(this.body ? WAIT_MS : 0);
    this.#q = q;
  }

  /** Something was starred, or batches came. */
  refresh(): void {
    this.stale = true;
    // What is planned already will count this, too.
    if (this.#users === 0 || this.#planned) return;
    this.#plan(Math.max(WAIT_MS, this.#askedAt + REFRESH_MS - performance.now()));
  }

  #plan(wait: number): void {
    this.stale = true;
    this.#planned = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#fetch(), wait);
  }

  async #fetch(): Promise<void> {
    this.#planned = false;
    this.#askedAt = performance.now();
    this.#flight?.abort();
    const flight = (this.#flight = new AbortController());
    try {
      this.body = await this.#ask(this.#q, flight.signal);
      if (!this.#planned) this.stale = false;
    } catch (error) {
      // Without an answer the old numbers stay, dimmed; the table says what is wrong.
      if (isAbort(error)) return;
    }
  }
}

/** The same counts in at most so many bars, the last of them open to the end. */
export function merged({ edges, counts }: HistogramBody, bars: number): HistogramBody {
  const step = Math.max(1, Math.ceil(edges.length / bars));
  const firsts = edges.map((_, i) => i).filter((i) => i % step === 0);
  const sum = (from: number) => counts.slice(from, from + step).reduce((a, b) => a + b, 0);
  return { edges: firsts.map((i) => edges[i]!), counts: firsts.map(sum) };
}
