// Who else is here, and what they have before them: told by the server, and forgotten when its time is up.
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../api/client';
import type { Claimed, Present } from '../api/types';

/** Whoever stays at a record this long means to judge it. */
const REST_MS = 2000;

/** Who claims, as the page sees it now. */
export interface Claimer {
  reviewer: () => string;
  /** For how long a claim lasts; 0 where nobody claims. */
  minutes: () => number;
  /** Whether others review here, too. */
  shared: () => boolean;
  /** Whether one looks for what nobody has starred. */
  unreviewed: () => boolean;
  /** The record one could judge; nothing when there is none. */
  before: () => string | undefined;
}

export interface Claim {
  custom_id: string;
  /** By this page's own clock. */
  ends: number;
}

export class Together {
  names = $state.raw<string[]>([]);
  count = $state(0);
  /** By reviewer: each has one. */
  readonly claims = new SvelteMap<string, Claim>();

  #claimer: Claimer;
  #claim: typeof api.claim;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(claimer: Claimer, claim: typeof api.claim = api.claim) {
    this.#claimer = claimer;
    this.#claim = claim;
  }

  /** Who has a record before them, others than oneself. */
  on(custom_id: string): string | undefined {
    const me = this.#claimer.reviewer();
    for (const [by, claim] of this.claims) {
      if (claim.custom_id === custom_id && by !== me) return by;
    }
    return undefined;
  }

  /** Claims what one has before oneself when one stays there, and as long as one does; returns how to stop. */
  watch(): () => void {
    return $effect.root(() => {
      $effect(() => {
        const { before, minutes, shared } = this.#claimer;
        const custom_id = before();
        if (custom_id === undefined || minutes() === 0 || !shared()) return;
        let timer = setTimeout(again, REST_MS);
        const every = minutes() * 30_000 + 1000;
        const claim = () => void this.claim(custom_id);
        function again() {
          if (!document.hidden) claim();
          timer = setTimeout(again, every);
        }
        return () => clearTimeout(timer);
      });
    });
  }

  /** Claims a record now; false when another one has it, or was faster. */
  async claim(custom_id: string): Promise<boolean> {
    const { reviewer, minutes, shared } = this.#claimer;
    if (minutes() === 0 || !shared()) return true;
    try {
      const { claimed, by } = await this.#claim(custom_id, reviewer(), this.#claimer.unreviewed());
      return claimed || by === undefined;
    } catch {
      // Nobody is kept from starring: without a claim two may look at the same record, no more.
      return true;
    }
  }

  /** Everything is told anew. */
  begin(): void {
    this.claims.clear();
  }

  hear({ custom_id, starred_by, seconds }: Claimed): void {
    this.claims.set(starred_by, { custom_id, ends: Date.now() + seconds * 1000 });
    this.#expire();
  }

  hearPresent({ names, count }: Present): void {
    this.names = names;
    this.count = count;
  }

  /** A star of one's own ends one's claim. */
  starred(custom_id: string, by: string): void {
    if (this.claims.get(by)?.custom_id === custom_id) this.claims.delete(by);
  }

  #expire(): void {
    clearTimeout(this.#timer);
    const now = Date.now();
    for (const [by, { ends }] of this.claims) if (ends <= now) this.claims.delete(by);
    const next = Math.min(...[...this.claims.values()].map(({ ends }) => ends));
    if (next < Infinity) this.#timer = setTimeout(() => this.#expire(), next - now);
  }
}
