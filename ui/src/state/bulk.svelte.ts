// One act on many records: what it would do is counted first, then it is done as a whole or not at all.
import { ApiError, api, isAbort } from '../api/client';
import type { BulkBody, BulkCount, BulkDone, BulkProgress } from '../api/types';
import { ulid } from '../api/ulid';
import type { Range } from './ranges';

export type What = 'star' | 'tag' | 'untag' | 'unstar';

/** Which records: all that match, or these rows of this view. */
export interface Scope {
  q: string;
  sort: string;
  view: string;
  /** Nothing for all that match. */
  ranges?: readonly Range[];
}

/** What is to be done to each. */
export interface Deed {
  what: What;
  model?: string | undefined;
  score?: number;
  tags?: string[] | undefined;
  notes?: string;
}

export interface Calls {
  bulk: typeof api.bulk;
  bulkCount: typeof api.bulkCount;
  cancelBulk: typeof api.cancelBulk;
}

const WAIT_MS = 150;

export class Bulk {
  readonly scope: Scope;
  count = $state.raw<BulkCount | undefined>();
  /** Whether the count is of another deed than the one asked for by now. */
  stale = $state(true);
  progress = $state.raw<BulkProgress | undefined>();
  running = $state(false);
  cancelling = $state(false);
  problem = $state.raw<ApiError | undefined>();

  /** The act's id: the same when it is sent again, so that it is done once. */
  #id = ulid();
  #by: string;
  #calls: Calls;
  #counted = '';
  #sent = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: AbortController | undefined;

  constructor(scope: Scope, by: string, calls: Calls = api) {
    this.scope = scope;
    this.#by = by;
    this.#calls = calls;
  }

  /** Whether it was refused because it would be another number by now. */
  get isAnother(): boolean {
    return this.problem?.problem.errors?.some(({ field }) => field === 'expect') ?? false;
  }

  /** Counts what the deed would do; nothing is written. */
  plan({ what, model, tags }: Deed): void {
    // How many outputs are starred has nothing to do with score, tags and notes; some score there must be.
    const body = this.#body(what === 'star' ? { what, model, score: 1 } : { what, model, tags });
    const text = JSON.stringify(body);
    if (text === this.#counted) return;
    this.#counted = text;
    this.#recount(body, this.count ? WAIT_MS : 0);
  }

  /** Does it, if it is still what was counted; answers with what was done. */
  async run(deed: Deed): Promise<BulkDone | undefined> {
    if (!this.count || this.stale || this.running) return undefined;
    const { count } = this.count;
    const body = this.#body(deed);
    const text = JSON.stringify(body);
    // What was sent before is the same act; anything else is another.
    if (text !== this.#sent) this.#id = ulid();
    this.#sent = text;
    this.running = true;
    this.problem = undefined;
    try {
      return await this.#calls.bulk({ ...body, id: this.#id, expect: count });
    } catch (error) {
      this.problem = asApiError(error);
      // Refused because it would be another number by now: say which, and ask again.
      if (this.problem.status === 409) {
        this.#sent = '';
        this.#recount(body, 0);
      }
      return undefined;
    } finally {
      this.running = this.cancelling = false;
      this.progress = undefined;
    }
  }

  async cancel(): Promise<void> {
    this.cancelling = true;
    try {
      await this.#calls.cancelBulk(this.#id);
    } catch {
      // It was done already, or never began: its own answer says which.
      this.cancelling = false;
    }
  }

  /** What the server says of the act under way. */
  hear(progress: BulkProgress): void {
    if (this.running && progress.id === this.#id) this.progress = progress;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  #recount(body: BulkBody, wait: number): void {
    this.stale = true;
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.#timer = setTimeout(() => void this.#count(body), wait);
  }

  async #count(body: BulkBody): Promise<void> {
    const flight = (this.#flight = new AbortController());
    try {
      this.count = await this.#calls.bulkCount(body, flight.signal);
      this.stale = false;
      if (this.problem?.status !== 409) this.problem = undefined;
    } catch (error) {
      if (!isAbort(error)) this.problem = asApiError(error);
    }
  }

  #body({ what, model, score, tags, notes }: Deed): BulkBody {
    const { q, sort, view, ranges } = this.scope;
    const rows = ranges?.map(([from, to]): [number, number] => [from, to]);
    return {
      what,
      q,
      ...(rows ? { sort, view, ranges: rows } : {}),
      ...(model === undefined ? {} : { model }),
      ...(what === 'star' ? { quality_score: score ?? 0, notes: notes ?? '' } : {}),
      ...(what === 'unstar' ? {} : { tags: tags ?? [] }),
      starred_by: this.#by,
      kind: 'human',
    };
  }
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, { detail: String(error) });
}
