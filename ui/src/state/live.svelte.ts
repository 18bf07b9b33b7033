// What the server says of its own accord: by server-sent events, or by asking every two seconds without them.
import { api } from '../api/client';
import type { BulkProgress } from '../api/types';
import type { Catalog, Search, Status } from '../api/types';

const POLL_MS = 2000;

export interface Heard {
  status: (status: Status) => void;
  catalog: (catalog: Catalog) => void;
  search: (search: Search) => void;
  /** How far an act on many records is. */
  progress: (progress: BulkProgress) => void;
  stars: (custom_id: string, starred_by: string) => void;
  /** The connection was lost and is back: anything may have changed. */
  back: () => void;
}

export class Live {
  state = $state<'connecting' | 'live' | 'reconnecting'>('connecting');

  #heard: Heard;
  #events: EventSource | undefined;
  #poll: ReturnType<typeof setTimeout> | undefined;

  constructor(heard: Heard) {
    this.#heard = heard;
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
    const events = (this.#events = new EventSource('/api/events'));
    events.onopen = () => {
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
    // So much happened at once that the server left some of it out.
    events.addEventListener('lagged', () => this.#heard.back());
    for (const name of ['starred', 'unstarred']) {
      events.addEventListener(name, (e) => {
        const { custom_id, starred_by } = JSON.parse(e.data) as Record<string, string>;
        this.#heard.stars(custom_id ?? '', starred_by ?? '');
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
