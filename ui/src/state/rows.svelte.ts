// The rows of one view, fetched in blocks as they come into sight, a bounded number of them kept.
import { SvelteMap } from 'svelte/reactivity';
import { ApiError, api, isAbort } from '../api/client';
import type { Page, Row } from '../api/types';

export const BLOCK = 200;
const BLOCKS_KEPT = 48;
const DEBOUNCE_MS = 24;
/** A block of an outdated view is asked for again, but not more often than this. */
const STALE_MS = 500;
/** Rows on either side of what is seen that are fetched too. */
const MARGIN = 60;

interface Block {
  view: string;
  rows: Row[];
  fetchedAt: number;
}

export interface Source {
  records: typeof api.records;
  next?: typeof api.next;
  position?: typeof api.position;
}

export class Rows {
  q = $state('');
  sort = $state('');
  /** The query last sent, which `error` is about. */
  asked = $state('');
  total = $state(0);
  /** Whether an answer to any search has come yet. */
  loaded = $state(false);
  /** Whether an answer to a new search is being waited for. */
  searching = $state(false);
  /** The query as it will be once the answer is here. */
  readonly coming = $derived(this.searching ? this.asked : this.q);
  error = $state.raw<ApiError | undefined>();

  /** Names the newest view seen: the same name stands for the same rows in the same order. */
  view = '';

  /** Told when rows arrive: the new total, and by how many rows what was seen has moved. */
  placed: (total: number, shift: number) => void = () => {};

  /** The row that must stay under the eye when a newer view has others before it. */
  anchor: () => number = () => 0;

  #source: Source;
  /** The newest view seen, and how often everything was declared old since the page opened. */
  #view = '';
  #epoch = 0;
  #blocks = new SvelteMap<number, Block>();
  #flights = new Map<number, AbortController>();
  #search: AbortController | undefined;
  #wanted = { first: 0, last: 0 };
  /** What was changed here while an answer was on its way that may not know of it yet. */
  #late: { at: number; custom_id: string; change: (row: Row) => Row }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Source = api) {
    this.#source = source;
  }

  at(index: number): Row | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.rows[index % BLOCK];
  }

  /** Where a loaded record is, if it is loaded. */
  find(custom_id: string): number | undefined {
    for (const [block, { rows }] of this.#blocks) {
      const i = rows.findIndex((row) => row.custom_id === custom_id);
      if (i >= 0) return block * BLOCK + i;
    }
    return undefined;
  }

  /** Asks for another view. The rows of the former stay until the new ones are here. */
  async search(q: string, sort: string, row = 0): Promise<void> {
    this.#search?.abort();
    this.#giveUp(() => true);
    const flight = (this.#search = new AbortController());
    const [epoch, begun] = [this.#epoch, performance.now()];
    this.searching = true;
    this.asked = q;
    try {
      let block = Math.floor(row / BLOCK);
      let page = await this.#fetch(q, sort, block, flight.signal);
      if (page.records.length === 0 && page.total > 0) {
        block = Math.floor((Math.min(row, page.total) - 1) / BLOCK);
        page = await this.#fetch(q, sort, block, flight.signal);
      }
      this.#blocks.clear();
      this.q = q;
      this.sort = sort;
      this.loaded = true;
      this.error = undefined;
      this.#put(block, this.#caughtUp(page, begun), epoch);
    } catch (error) {
      if (isAbort(error)) return;
      this.error = asApiError(error);
    } finally {
      if (this.#search === flight) {
        this.#search = undefined;
        this.searching = false;
      }
    }
  }

  /** Says which rows are seen, `[first, last)`: what is missing is fetched, what is left behind given up. */
  want(first: number, last: number): void {
    this.#wanted = { first: Math.max(0, first - MARGIN), last: last + MARGIN };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fill(), DEBOUNCE_MS);
  }

  /** Fetches the block of a row, wherever it is, and answers with the row. */
  async load(index: number): Promise<Row | undefined> {
    if (index < 0 || index >= this.total) return undefined;
    if (!this.at(index)) await this.#get(Math.floor(index / BLOCK));
    return this.at(index);
  }

  /**
   * The position of the next record to review, or one that comes again, or how many there would be that others have
   * before them; from the view's end without a row.
   */
  async next(
    from: number | undefined,
    direction: 1 | -1,
    reshow = false,
  ): Promise<{ index?: number; claimed?: number; reshown?: boolean }> {
    return (await this.#source.next?.(this.q, this.sort, from, direction, reshow)) ?? {};
  }

  /** Where a record stands in a view, or nothing when it is not in it. */
  async position(q: string, sort: string, custom_id: string): Promise<number | undefined> {
    try {
      return (await this.#source.position?.(q, sort, custom_id))?.index;
    } catch {
      // A query that cannot be read is told of by the search that follows.
      return undefined;
    }
  }

  /** Asks again for what is seen, because the data behind it has changed. */
  refresh(): void {
    this.#epoch++;
    this.#view = '';
    // What is under way may come in: it is shown, known to be old, and asked for again.
    this.#fill();
  }

  retry(): void {
    this.error = undefined;
    if (this.loaded) this.#fill();
    else void this.search(this.q, this.sort);
  }

  /** Replaces one record where it stands. */
  patch(custom_id: string, change: (row: Row) => Row): void {
    if (this.#search || this.#flights.size > 0) {
      this.#late.push({ at: performance.now(), custom_id, change });
    }
    const index = this.find(custom_id);
    if (index === undefined) return;
    const key = Math.floor(index / BLOCK);
    const block = this.#blocks.get(key);
    if (!block) return;
    const rows = block.rows.map((row) => (row.custom_id === custom_id ? change(row) : row));
    this.#blocks.set(key, { ...block, rows });
  }

  #fill(): void {
    if (!this.loaded || this.#search) return;
    const low = Math.floor(this.#wanted.first / BLOCK);
    const high = Math.floor((Math.min(this.total, this.#wanted.last) - 1) / BLOCK);
    this.#giveUp((block) => block < low - 1 || block > high + 1);
    const now = performance.now();
    for (let block = low; block <= high; block++) {
      const known = this.#blocks.get(block);
      if (this.#flights.has(block) || known?.view === this.#view) continue;
      const wait = known ? known.fetchedAt + STALE_MS - now : 0;
      if (wait <= 0) void this.#get(block);
      else this.#timer = setTimeout(() => this.#fill(), wait);
    }
  }

  async #get(block: number): Promise<void> {
    const flight = new AbortController();
    const [epoch, begun] = [this.#epoch, performance.now()];
    this.#flights.set(block, flight);
    try {
      const page = await this.#fetch(this.q, this.sort, block, flight.signal);
      this.#flights.delete(block);
      this.error = undefined;
      this.#put(block, this.#caughtUp(page, begun), epoch);
    } catch (error) {
      if (this.#flights.get(block) === flight) this.#flights.delete(block);
      if (!isAbort(error)) this.error = asApiError(error);
    }
  }

  #fetch(q: string, sort: string, block: number, signal: AbortSignal): Promise<Page> {
    return this.#source.records(q, sort, block * BLOCK, BLOCK, signal);
  }

  /** A page with what happened to its rows since it was asked for. */
  #caughtUp(page: Page, begun: number): Page {
    const late = this.#late.filter(({ at }) => at >= begun);
    const change = (row: Row) =>
      late.reduce((now, p) => (p.custom_id === row.custom_id ? p.change(now) : now), row);
    if (!this.#search && this.#flights.size === 0) this.#late = [];
    return late.length > 0 ? { ...page, records: page.records.map(change) } : page;
  }

  #put(block: number, page: Page, epoch: number): void {
    const view = `${epoch} ${page.view}`;
    if (epoch === this.#epoch) {
      this.#view = view;
      this.view = page.view;
    }
    const shift = this.#shiftOf(block, page.records, view);
    if (shift !== 0) {
      for (const [key, old] of this.#blocks) if (old.view !== view) this.#blocks.delete(key);
    }
    this.#blocks.set(block, { view, rows: page.records, fetchedAt: performance.now() });
    this.total = page.total;
    this.placed(page.total, shift);
    this.#forget();
    this.#fill();
  }

  /** By how many rows the known row nearest to the anchor stands elsewhere in a newer view. */
  #shiftOf(block: number, rows: Row[], view: string): number {
    const anchor = this.anchor();
    const places = new Map(rows.map((row, i) => [row.custom_id, block * BLOCK + i]));
    let [shift, nearest] = [0, Infinity];
    for (const [key, known] of this.#blocks) {
      if (known.view === view) continue;
      known.rows.forEach((row, i) => {
        const before = key * BLOCK + i;
        const after = places.get(row.custom_id);
        if (after === undefined || Math.abs(before - anchor) >= nearest) return;
        [shift, nearest] = [after - before, Math.abs(before - anchor)];
      });
    }
    return shift;
  }

  #forget(): void {
    const middle = (this.#wanted.first + this.#wanted.last) / 2 / BLOCK;
    const far = [...this.#blocks.keys()].sort(
      (a, b) => Math.abs(b - middle) - Math.abs(a - middle),
    );
    for (const key of far.slice(0, Math.max(0, far.length - BLOCKS_KEPT))) this.#blocks.delete(key);
  }

  #giveUp(which: (block: number) => boolean): void {
    for (const [block, flight] of this.#flights) {
      if (!which(block)) continue;
      flight.abort();
      this.#flights.delete(block);
    }
  }
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, { detail: String(error) });
}
