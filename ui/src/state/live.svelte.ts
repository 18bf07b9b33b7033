// What the server says of its own accord: by server-sent events, or by asking every two seconds without them.
import { api } from '../api/client';
import type { BulkProgress, Catalog, Claimed, Present, Search, Status } from '../api/types';

const POLL_MS = 2000;

export interface Heard {
  status: (status: Status) => void;
  catalog: (catalog: Catalog) => void;
  search: (search: Search) => void;
  /** How far an act on many records is. */
  progress: (progress: BulkProgress) => void;
  stars: (custom_id: string, starred_by: string, given: boolean) => void;
  /** Somebody has a record before them. */
  claimed: (claim: Claimed) => void;
  /** Who has the page open. */
  present: (present: Present) => void;
  /** A connection begins: who is here is told anew. */
  begun: () => void;
  /** The connection was lost and is back, or the settings are others: anything may have changed. */
  back: () => void;
}

export class Live {
  state = $state<'connecting' | 'live' | 'reconnecting'>('connecting');

  #heard: Heard;
  #events: EventSource | undefined;
  #poll: ReturnType<typeof setTimeout> | undefined;

  #reviewer: () => string;
  /** As whom the stream is open. */
  #as = '';

  /** `reviewer`: as whom one has the page open; empty as long as one was never told. */
  constructor(heard: Heard, reviewer: () => string = () => '') {
    this.#heard = heard;
    this.#reviewer = reviewer;
  }

  /** One goes by another name now. */
  rename(): void {
    if (!this.#events || this.#reviewer() === this.#as) return;
    this.#close();
    this.#open();
  }

  start(): () => void {
    this.#open();
    void this.ask();
    const shown = () => (document.hidden ? this.#close() : this.#return());
    document.addEventListener('visibilitychange', shown);
    return () => {
      document.removeEventListener('visibilitychange', shown);
      this.#close();
    };
  }

  /** Asks for the status now. */
  async ask(): Promise<boolean> {
    try {
      this.#heard.status(await api.status());
      return true;
    } catch {
      // The footer already says that the server is away.
      this.#lost();
      return false;
    }
  }

  // Browsers give all tabs of a host about six connections: a hidden tab must not hold one.
  #close(): void {
    clearTimeout(this.#poll);
    this.#poll = undefined;
    this.#events?.close();
    this.#events = undefined;
  }

  #return(): void {
    if (this.#events) return;
    this.state = 'reconnecting';
    this.#open();
  }

  #open(): void {
    this.#as = this.#reviewer();
    const as = new URLSearchParams({ reviewer: this.#as });
    const events = (this.#events = new EventSource(`/api/events?${as}`));
    events.onopen = () => {
      this.#heard.begun();
      clearTimeout(this.#poll);
      this.#poll = undefined;
      const lost = this.state === 'reconnecting';
      this.state = 'live';
      if (lost) {
        void this.ask();
        this.#heard.back();
      }
    };
    events.onerror = () => this.#lost();
    events.addEventListener('catalog', (e) => this.#heard.catalog(JSON.parse(e.data) as Catalog));
    events.addEventListener('search', (e) => this.#heard.search(JSON.parse(e.data) as Search));
    events.addEventListener('progress', (e) =>
      this.#heard.progress(JSON.parse(e.data) as BulkProgress),
    );
    events.addEventListener('claimed', (e) => this.#heard.claimed(JSON.parse(e.data) as Claimed));
    events.addEventListener('presence', (e) => this.#heard.present(JSON.parse(e.data) as Present));
    // The owner has changed what is assigned or hidden.
    events.addEventListener('settings', () => {
      // Rows are fetched by what the status says is hidden.
      void this.ask().then(() => this.#heard.back());
    });
    // So much happened at once that the server left some of it out.
    events.addEventListener('lagged', () => this.#heard.back());
    // Where scores are hidden, others only change a record.
    for (const name of ['starred', 'unstarred', 'changed']) {
      events.addEventListener(name, (e) => {
        const { custom_id, starred_by } = JSON.parse(e.data) as Record<string, string>;
        this.#heard.stars(custom_id ?? '', starred_by ?? '', name === 'starred');
      });
    }
  }

  #lost(): void {
    if (document.hidden) return;
    this.state = 'reconnecting';
    this.#poll ??= setTimeout(() => void this.#again(), POLL_MS);
  }

  async #again(): Promise<void> {
    const answered = await this.ask();
    this.#poll = undefined;
    if (this.state === 'live') return;
    // A browser gives up for good after some answers; then a new connection is needed.
    if (answered && this.#events?.readyState === EventSource.CLOSED) this.#open();
    this.#poll = setTimeout(() => void this.#again(), POLL_MS);
  }
}
