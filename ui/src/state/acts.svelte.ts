// What one reviewer did last, on this page and before it: the strip of decisions, and what undo and redo are for.
import { api } from '../api/client';
import type { Acts as Said, Decision } from '../api/types';
import { after, type Decisions, decisionsOf, nextRedo, nextUndo, NO_DECISIONS } from './decisions';
import type { Review } from './review.svelte';
import type { Act } from './unsent';

/** As many as a row of quick undos may need before the server is asked again. */
const ASKED = 50;
const WAIT_MS = 300;

export class Acts {
  /** As the server has it, with what it acknowledged since. */
  #known = $state.raw<Decisions>(NO_DECISIONS);
  #review: Review;
  #reviewer: () => string;
  #ask: (by: string, limit: number) => Promise<Said>;
  #changes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** As it is about to be. */
  readonly now = $derived.by(() =>
    this.#review.underWay(this.#reviewer()).reduce(after, this.#known),
  );

  constructor(review: Review, reviewer: () => string, ask = api.acts) {
    this.#review = review;
    this.#reviewer = reviewer;
    this.#ask = ask;
  }

  /** Takes the last act back; answers with it, or with nothing when there is none. */
  undo(): Decision | undefined {
    return this.#turn('undoes', nextUndo(this.now));
  }

  redo(): Decision | undefined {
    return this.#turn('redoes', nextRedo(this.now));
  }

  /** The server has acknowledged an act of this page. */
  took(act: Act): void {
    if (act.by !== this.#reviewer()) return;
    this.#changes++;
    this.#known = after(this.#known, act);
  }

  /** Asks the server soon, because something may have happened elsewhere. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.load();
    }, WAIT_MS);
  }

  async load(): Promise<void> {
    const by = this.#reviewer();
    const changes = this.#changes;
    try {
      const said = await this.#ask(by, ASKED);
      if (by !== this.#reviewer()) return;
      // It may or may not tell of what was acknowledged meanwhile.
      if (changes !== this.#changes) return this.refresh();
      this.#known = decisionsOf(said);
    } catch {
      // What is known stays; the next act or the server's return asks again.
    }
  }

  /** Another reviewer's acts are no one's to take back here. */
  forget(): void {
    this.#changes++;
    this.#known = NO_DECISIONS;
  }

  #turn(what: 'undoes' | 'redoes', act: Decision | undefined): Decision | undefined {
    if (!act) return undefined;
    const { id, custom_id, name, model, choice } = act;
    const target = { custom_id, name, choice, ...(model === undefined ? {} : { model }) };
    this.#review.turn(what, id, target, this.#reviewer());
    return act;
  }
}
