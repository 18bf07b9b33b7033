// The three ways out of the collection, and how many examples each would give right now.
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../api/client';
import type { ExportCount, ExportFormat } from '../api/types';

const DEBOUNCE_MS = 150;

export interface Way {
  format: ExportFormat;
  min_quality?: number;
  limit?: number;
  include_agents?: boolean;
}

const ways: Way[] = [
  { format: 'icl', min_quality: 9, limit: 100 },
  { format: 'finetuning', min_quality: 8 },
  { format: 'raw' },
];

export class Exports {
  #counts = new SvelteMap<ExportFormat, ExportCount>();
  /** Whether the counts may be behind. */
  stale = $state(true);
  /** Whether what agents suggest leaves, too. */
  agents = $state(false);
  readonly ways = $derived(
    this.agents ? ways.map((way): Way => ({ ...way, include_agents: true })) : ways,
  );

  /** Whether one may export: not where scores are hidden. */
  allowed = $state(true);

  #flight: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  count(format: ExportFormat): ExportCount | undefined {
    return this.#counts.get(format);
  }

  /** Counts again soon; a count under way is given up. */
  refresh(): void {
    if (!this.allowed) return;
    this.stale = true;
    this.#flight?.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#count(), DEBOUNCE_MS);
  }

  async #count(): Promise<void> {
    const flight = (this.#flight = new AbortController());
    try {
      const { ways } = this;
      const counts = await Promise.all(ways.map((way) => api.exportCount(way, flight.signal)));
      counts.forEach((count, i) => this.#counts.set(ways[i]!.format, count));
      this.stale = false;
    } catch {
      // Old counts stay, marked as old; the next star or the next opening asks again.
    }
  }
}

/** Where a click on a way goes. */
export function addressOf(way: Way): string {
  const query = new URLSearchParams(Object.entries(way).map(([k, v]) => [k, String(v)]));
  return `/api/export-gold-star?${query}`;
}
