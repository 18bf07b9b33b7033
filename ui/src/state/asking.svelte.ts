// A page of figures about a query: asked for a moment later, the last question counts, what is there stays meanwhile.
import { type ApiError, isAbort } from '../api/client';

const WAIT_MS = 150;

export abstract class Asking {
  /** The query that the figures are of. */
  q = $state('');
  error = $state.raw<ApiError | undefined>();
  loading = $state(false);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: AbortController | undefined;

  /** Whether there are figures already, so that newer ones may wait. */
  protected abstract get isThere(): boolean;

  /** Fetches the figures of a query, and says so in `q`. */
  protected abstract fetch(q: string, signal: AbortSignal): Promise<void>;

  /** Asks for the figures of a query. The former stay until the new ones are here. */
  ask(q: string): void {
    clearTimeout(this.#timer);
    this.loading = true;
    this.#timer = setTimeout(() => void this.#fetch(q), this.isThere ? WAIT_MS : 0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  async #fetch(q: string): Promise<void> {
    this.#flight?.abort();
    const { signal } = (this.#flight = new AbortController());
    try {
      await this.fetch(q, signal);
      this.error = undefined;
    } catch (error) {
      if (isAbort(error)) return;
      this.error = error as ApiError;
    }
    if (!signal.aborted) this.loading = false;
  }
}
