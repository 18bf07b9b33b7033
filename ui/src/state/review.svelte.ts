// Stars given and taken here: shown at once, sent in order, rolled back in sight when the server refuses.
import { ApiError, api } from '../api/client';
import type { RecordDetail, Star, StarRequest, Turned } from '../api/types';
import type { BlindPlace } from '../api/veil';
import { ulid } from '../api/ulid';
import { Again, withHidden } from './again.svelte';
import type { Conflict } from './conflicts.svelte';
import { Outbox, type Served } from './outbox.svelte';
import {
  agrees,
  isFor,
  isSame,
  isSuggestion,
  type Judgment,
  replaced,
  suggestionFor,
  type Target,
} from './stars';
import { type Act, type Seen, Unsent } from './unsent';

/** What is told to the page about each act. */
export interface Told {
  starred: (target: Target, score: number, id: string) => void;
  unstarred: (target: Target, id: string) => void;
  /** The server refused the act, and it is undone on the screen. */
  failed: (act: Act, error: ApiError, retry: () => void) => void;
  /** The act did not reach the disk; it is kept and sent again. */
  kept: () => void;
  /** The server has it: `star` is what it wrote, or nothing when it was taken back. */
  saved: (act: Act, star: Star | undefined) => void;
  /** The server took an act back, or did it again: this is how the outputs' stars are now. */
  turned: (act: Act, answer: Turned) => void;
  /** Another tab had it in hand. */
  elsewhere: (custom_id: string) => void;
  /** Somebody judged the same output while an act was on its way. */
  conflict: (conflict: Conflict) => void;
}

export interface Journal {
  record: (custom_id: string) => Promise<RecordDetail>;
  star: (body: StarRequest) => Promise<{ star: Partial<Star> }>;
  unstar: (query: Parameters<typeof api.unstar>[0]) => Promise<unknown>;
  undo: (body: Parameters<typeof api.undo>[0]) => Promise<Turned>;
  redo: (body: Parameters<typeof api.redo>[0]) => Promise<Turned>;
}

/** As many acts of this page are known exactly, so that taking them back is shown before the server answers. */
const MADE_MAX = 500;

export class Review {
  #made = new Map<string, Act>();
  #refused: Target | undefined;

  #journal: Journal;
  #told: Told;
  #reviewer: () => string;
  #served: () => Served;
  #outbox: Outbox;
  #blind: (target: Target) => BlindPlace | undefined;
  /** Records that I judge once more. */
  readonly again: Again;

  constructor(
    reviewer: () => string,
    told: Told,
    journal: Journal = api,
    served: () => Served = () => ({ collection: '', whole: true }),
    unsent = new Unsent(),
    blind: (target: Target) => BlindPlace | undefined = () => undefined,
  ) {
    this.#blind = blind;
    this.again = new Again(reviewer);
    this.#reviewer = reviewer;
    this.#told = told;
    this.#journal = journal;
    this.#served = served;
    const sender = {
      served,
      carry: (act: Act, isOld: boolean) => this.#carry(act, isOld),
      elsewhere: (act: Act) => told.elsewhere(act.target.custom_id),
      refused: (act: Act, error: ApiError) => this.#refuse(act, error),
      kept: () => told.kept(),
    };
    this.#outbox = new Outbox(sender, unsent);
  }

  /** What one reviewer did here that the server has not acknowledged yet, in order. */
  underWay(by: string): Act[] {
    return this.#outbox.order.filter((act) => act.by === by);
  }

  /** The stars of a record as they are about to be, and as I may see them. */
  starsOf(record: { custom_id: string; stars: Star[] }): Star[] {
    return this.again.seen(record.custom_id, this.#allOf(record));
  }

  /** Whether stars of a record are hidden until I have judged it once more. */
  hides(record: { custom_id: string; stars: Star[] }): boolean {
    return this.again.hides(record.custom_id, this.#allOf(record));
  }

  #allOf(record: { custom_id: string; stars: Star[] }): Star[] {
    const acts = this.#outbox.of(record.custom_id);
    if (!acts) return record.stars;
    return acts.reduce(
      (stars, act) => (act.blind ? stars : replaced(stars, act.target, act.star, act.by)),
      record.stars,
    );
  }

  isBusy(custom_id: string): boolean {
    return this.#outbox.isBusy(custom_id);
  }

  /** Whether what is shown of the record could not be saved yet. */
  isUnsaved(custom_id: string): boolean {
    return this.#outbox.isUnsaved(custom_id);
  }

  get unsaved() {
    return this.#outbox.unsaved;
  }

  /** My star on one output. */
  mine(record: { custom_id: string; stars: Star[] }, target: Target): Star | undefined {
    return this.starsOf(record).find((star) => isFor(star, target, this.#reviewer()));
  }

  /** What is suggested for an output that I have not starred. */
  suggestion(record: { custom_id: string; stars: Star[] }, target: Target): Star | undefined {
    return suggestionFor(this.starsOf(record), target, this.#reviewer());
  }

  /** Makes a suggestion my own. */
  accept(target: Target, { id, quality_score: score, tags, notes }: Star): void {
    this.star(target, { score, tags, notes }, undefined, false, id);
  }

  /** `record` is the one of the target, as far as it is at hand: a star of it may be hidden. */
  star(
    target: Target,
    said: Judgment,
    mine: Star | undefined,
    typed = false,
    accepted?: string,
    record?: { custom_id: string; stars: Star[] },
  ): void {
    const stars = record ? this.#allOf(record) : [];
    const isAgain = this.again.isAgain(target, stars);
    const hidden = isAgain
      ? stars.find((star) => isFor(star, target, this.#reviewer()))
      : undefined;
    const [before, judgment] = [mine ?? hidden, withHidden(said, hidden)];
    const blind = this.#blind(target);
    const seen: Seen = { ...(blind ? { blind } : {}), ...(isAgain ? { reshown: true } : {}) };
    this.again.give(target);
    const star: Star = {
      ...(accepted === undefined ? {} : { accepted }),
      ...(target.model === undefined ? {} : { model: target.model }),
      choice: target.choice,
      quality_score: judgment.score,
      tags: [...judgment.tags],
      notes: judgment.notes,
      starred_by: this.#reviewer(),
      starred_at: new Date().toISOString(),
      kind: 'human',
      id: ulid(),
      stale: false,
    };
    const act = this.#begin({
      id: star.id,
      target,
      star,
      before,
      by: star.starred_by,
      typed,
      seen,
    });
    this.#told.starred(target, judgment.score, act.id);
  }

  unstar(target: Target, before: Star): void {
    const act = this.#begin({ target, before, by: before.starred_by });
    this.#told.unstarred(target, act.id);
  }

  /** Takes an act back, or does it again. One of an earlier life of the page is shown when the server has answered. */
  turn(what: 'undoes' | 'redoes', id: string, target: Target, by: string): void {
    const made = this.#made.get(id);
    const [before, star] =
      what === 'undoes' ? [made?.star, made?.before] : [made?.before, made?.star];
    this.#begin({ target, by, [what]: id, star, before, blind: made === undefined });
  }

  /** What was refused since the last act, once: undo must not seem to be for it. */
  takeRefused(): Target | undefined {
    const refused = this.#refused;
    this.#refused = undefined;
    return refused;
  }

  /** Takes over what an earlier life of the page could not send. */
  resume(): void {
    void this.#outbox.resume();
  }

  /** Sends again what could not be sent. */
  retry(): void {
    this.#outbox.retry();
  }

  #begin(act: Omit<Act, 'id' | 'collection'> & { id?: string }): Act {
    const whole: Act = { ...act, id: act.id ?? ulid(), collection: this.#served().collection };
    this.#refused = undefined;
    this.#made.set(whole.id, whole);
    for (const id of this.#made.keys()) {
      if (this.#made.size <= MADE_MAX) break;
      this.#made.delete(id);
    }
    this.#outbox.put(whole);
    return whole;
  }

  async #carry(act: Act, isOld: boolean): Promise<boolean> {
    if (act.undoes !== undefined || act.redoes !== undefined) {
      this.#told.turned(act, await this.#turn(act));
      return true;
    }
    const now = isOld ? await this.#judged(act) : [];
    const mine = now.find((star) => isFor(star, act.target, act.by));
    if (isOld && this.#crossed(act, mine)) return false;
    const star = act.star ? await this.#post(act, act.star) : await this.#remove(act);
    this.#told.saved(act, star);
    this.#besides(act, now);
    return true;
  }

  async #turn(act: Act): Promise<Turned> {
    const { by: starred_by, undoes: undo, redoes: redo, id } = act;
    if (undo !== undefined) return this.#journal.undo({ starred_by, undo, id });
    return this.#journal.redo({ starred_by, redo, id });
  }

  /** The stars of the record as the server has them; none when it cannot say. */
  async #judged(act: Act): Promise<Star[]> {
    try {
      return (await this.#journal.record(act.target.custom_id)).stars;
    } catch (error) {
      if (error instanceof ApiError && error.status !== 404) throw error;
      return act.before ? [act.before] : [];
    }
  }

  // While it was kept, I may have judged the output in another tab: then neither may go unseen.
  #crossed(act: Act, theirs: Star | undefined): boolean {
    const { star, before, target, by } = act;
    if (theirs?.id === act.id || isSame(theirs, before) || agrees(theirs, star)) return false;
    const acts = (this.#outbox.of(target.custom_id) ?? []).filter(
      (other) =>
        other.by === by &&
        other.target.model === target.model &&
        other.target.choice === target.choice,
    );
    this.#outbox.hold(acts);
    this.#told.conflict({
      kind: 'mine',
      id: act.id,
      target,
      mine: acts.at(-1)?.star,
      theirs,
      keep: () =>
        this.#outbox.release(acts.map((held, i) => (i === 0 ? { ...held, before: theirs } : held))),
      drop: () => {
        void this.#outbox.forget(acts);
        this.#told.elsewhere(target.custom_id);
      },
    });
    return true;
  }

  /** Others may star the same output; who did so meanwhile is shown, and both stars stay. */
  #besides(act: Act, now: Star[]): void {
    if (!act.star) return;
    // The journal tells seconds apart, no less.
    const made = Math.floor(Date.parse(act.star.starred_at) / 1000) * 1000;
    for (const theirs of now) {
      if (isSuggestion(theirs)) continue;
      const isMine = theirs.starred_by === act.by;
      const isThere = isFor(theirs, act.target, theirs.starred_by);
      if (isMine || !isThere || Date.parse(theirs.starred_at) < made) continue;
      const { id, target, star: mine } = act;
      this.#told.conflict({ kind: 'both', id: `${id} ${theirs.starred_by}`, target, mine, theirs });
    }
  }

  #refuse(act: Act, error: ApiError): void {
    if (act.undoes === undefined && act.redoes === undefined) {
      const last = [...this.#made.keys()].at(-1) === act.id;
      if (last) this.#refused = act.target;
    }
    this.#made.delete(act.id);
    this.#told.failed(act, error, () => {
      this.#made.set(act.id, act);
      this.#outbox.put(act);
    });
  }

  async #post({ target, seen }: Act, star: Star): Promise<Star> {
    const answer = await this.#journal.star({
      custom_id: target.custom_id,
      quality_score: star.quality_score,
      tags: star.tags,
      notes: star.notes,
      ...(target.model === undefined ? {} : { model: target.model }),
      choice: target.choice,
      starred_by: star.starred_by,
      kind: 'human',
      ...(star.accepted === undefined ? {} : { accepted: star.accepted }),
      id: star.id,
      ...seen,
    });
    const wrote = answer.star.starred_at;
    return wrote ? { ...star, starred_at: wrote } : star;
  }

  async #remove(act: Act): Promise<undefined> {
    const { custom_id, model, choice } = act.target;
    try {
      await this.#journal.unstar({ custom_id, model, choice, starred_by: act.by, id: act.id });
    } catch (error) {
      // Someone else took it away first: what was asked for is so.
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
    return undefined;
  }
}
