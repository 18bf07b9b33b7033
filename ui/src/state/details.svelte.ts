// Whole records for the inspector, with the neighbours fetched before they are asked for.
import { SvelteMap } from 'svelte/reactivity';
import { ApiError, api, isAbort } from '../api/client';
import type { RecordDetail } from '../api/types';

const KEPT = 24;

export interface Entry {
  detail?: RecordDetail;
  error?: ApiError;
}

export class Details {
  #entries = new SvelteMap<string, Entry>();
  #flights = new Map<string, AbortController>();

  get(custom_id: string): Entry | undefined {
    return this.#entries.get(custom_id);
  }

  /** Fetches these records, the first one first, and gives up the fetching of all others. */
  want(custom_ids: string[]): void {
    for (const [id, flight] of this.#flights) {
      if (custom_ids.includes(id)) continue;
      flight.abort();
      this.#flights.delete(id);
    }
    for (const id of custom_ids) {
      const known = this.#entries.get(id);
      if (!known?.detail && !this.#flights.has(id)) void this.#fetch(id);
    }
    this.#forget(custom_ids);
  }

  /** The record has changed: ask again if it is here, showing the old until the new has come. */
  renew(custom_id: string): void {
    if (!this.#entries.has(custom_id)) return;
    this.#flights.get(custom_id)?.abort();
    void this.#fetch(custom_id);
  }

  /** Forgets everything, because anything may have changed. */
  clear(): void {
    for (const flight of this.#flights.values()) flight.abort();
    this.#flights.clear();
    this.#entries.clear();
  }

  async #fetch(id: string): Promise<void> {
    const flight = new AbortController();
    this.#flights.set(id, flight);
    try {
      this.#entries.set(id, { detail: await api.record(id, flight.signal) });
    } catch (error) {
      if (!isAbort(error) && error instanceof ApiError) this.#entries.set(id, { error });
    } finally {
      if (this.#flights.get(id) === flight) this.#flights.delete(id);
    }
  }

  #forget(wanted: string[]): void {
    const old = [...this.#entries.keys()].filter((id) => !wanted.includes(id));
    for (const id of old.slice(0, Math.max(0, old.length - KEPT))) this.#entries.delete(id);
  }
}
