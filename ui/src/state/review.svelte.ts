// Stars given and taken here: shown at once, sent in order, rolled back in sight when the server refuses.
import { SvelteMap } from 'svelte/reactivity';
import { ApiError, api } from '../api/client';
import type { Row, Star, StarRequest } from '../api/types';
import { ulid } from '../api/ulid';

export interface Target {
  custom_id: string;
  name: string;
  model?: string;
  choice: number;
}

export interface Judgment {
  score: number;
  tags: string[];
  notes: string;
}

/** What is told to the page about each act. */
export interface Told {
  starred: (target: Target, score: number) => void;
  unstarred: (target: Target) => void;
  /** The act did not reach the disk and is undone on the screen. */
  failed: (target: Target, error: ApiError, retry: () => void) => void;
  /** The server has it: `star` is what it wrote, or nothing when it was taken back. */
  saved: (target: Target, star: Star | undefined, by: string) => void;
}

export interface Journal {
  star: (body: StarRequest) => Promise<{ star: Partial<Star> }>;
  unstar: (query: {
    custom_id: string;
    model?: string;
    choice?: number;
    starred_by?: string;
  }) => Promise<unknown>;
}

interface Act {
  target: Target;
  star: Star | undefined;
  /** My star before the act, to which undo returns. */
  before: Star | undefined;
  /** Who acts: the name may be changed while the act is under way. */
  by: string;
}

const UNDO_MAX = 500;
const ECHO_MS = 1000;

export class Review {
  /** Acts shown but not yet acknowledged, by record. */
  #pending = new SvelteMap<string, Act[]>();
  #line = new Map<string, Promise<void>>();
  #done = $state.raw<Act[]>([]);
  readonly canUndo = $derived(this.#done.length > 0);

  #journal: Journal;
  #told: Told;
  #reviewer: () => string;

  constructor(reviewer: () => string, told: Told, journal: Journal = api) {
    this.#reviewer = reviewer;
    this.#told = told;
    this.#journal = journal;
  }

  /** The stars of a record as they are about to be. */
  starsOf(record: { custom_id: string; stars: Star[] }): Star[] {
    const acts = this.#pending.get(record.custom_id);
    if (!acts) return record.stars;
    return acts.reduce((stars, act) => replace(stars, act, act.by), record.stars);
  }

  /** Whether an act on the record was sent a moment ago, or still is to be. */
  isBusy(custom_id: string): boolean {
    return this.#line.has(custom_id);
  }

  /** My star on one output. */
  mine(record: { custom_id: string; stars: Star[] }, target: Target): Star | undefined {
    return this.starsOf(record).find((star) => isFor(star, target, this.#reviewer()));
  }

  star(target: Target, judgment: Judgment, before: Star | undefined): void {
    const star: Star = {
      ...(target.model === undefined ? {} : { model: target.model }),
      choice: target.choice,
      quality_score: judgment.score,
      tags: judgment.tags,
      notes: judgment.notes,
      starred_by: this.#reviewer(),
      starred_at: new Date().toISOString(),
      kind: 'human',
      id: ulid(),
      stale: false,
    };
    this.#begin({ target, star, before, by: this.#reviewer() }, true);
    this.#told.starred(target, judgment.score);
  }

  unstar(target: Target, before: Star): void {
    this.#begin({ target, star: undefined, before, by: before.starred_by }, true);
    this.#told.unstarred(target);
  }

  /** Takes back the last act of this page; answers with what it was for. */
  undo(): Target | undefined {
    const act = this.#done.at(-1);
    if (!act) return undefined;
    this.#done = this.#done.slice(0, -1);
    const { target, before, by } = act;
    // A star put back is a new line in the journal, so it carries an id of its own.
    const star = before && { ...before, id: ulid(), starred_at: new Date().toISOString() };
    this.#begin({ target, star, before: act.star, by }, false);
    if (star) this.#told.starred(target, star.quality_score);
    else this.#told.unstarred(target);
    return target;
  }

  #begin(act: Act, undoable: boolean): void {
    const { custom_id } = act.target;
    this.#pending.set(custom_id, [...(this.#pending.get(custom_id) ?? []), act]);
    if (undoable) this.#done = [...this.#done, act].slice(-UNDO_MAX);
    // Acts on one record go out one after the other, so that the last one pressed is the last one written.
    const before = this.#line.get(custom_id) ?? Promise.resolve();
    const after = before.then(() => this.#send(act));
    this.#line.set(custom_id, after);
    // The server's own message about the act may come a little later than its answer.
    void after.then(() => setTimeout(() => this.#forget(custom_id, after), ECHO_MS));
  }

  #forget(custom_id: string, line: Promise<void>): void {
    if (this.#line.get(custom_id) === line) this.#line.delete(custom_id);
  }

  async #send(act: Act): Promise<void> {
    try {
      const star = act.star ? await this.#post(act.target, act.star) : await this.#remove(act);
      this.#told.saved(act.target, star, act.by);
      this.#settle(act);
    } catch (error) {
      this.#settle(act);
      this.#done = this.#done.filter((done) => done !== act);
      const problem =
        error instanceof ApiError ? error : new ApiError(0, { detail: String(error) });
      this.#told.failed(act.target, problem, () => this.#begin(act, true));
    }
  }

  async #post(target: Target, star: Star): Promise<Star> {
    const answer = await this.#journal.star({
      custom_id: target.custom_id,
      quality_score: star.quality_score,
      tags: star.tags,
      notes: star.notes,
      ...(target.model === undefined ? {} : { model: target.model }),
      choice: target.choice,
      starred_by: star.starred_by,
      kind: 'human',
      id: star.id,
    });
    const wrote = answer.star.starred_at;
    return wrote ? { ...star, starred_at: wrote } : star;
  }

  async #remove(act: Act): Promise<undefined> {
    const { custom_id, model, choice } = act.target;
    try {
      await this.#journal.unstar({ custom_id, model, choice, starred_by: act.by });
    } catch (error) {
      // Someone else took it away first: what was asked for is so.
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
    return undefined;
  }

  #settle(act: Act): void {
    const { custom_id } = act.target;
    const rest = (this.#pending.get(custom_id) ?? []).filter((pending) => pending !== act);
    if (rest.length > 0) this.#pending.set(custom_id, rest);
    else this.#pending.delete(custom_id);
  }
}

/** The row with one reviewer's star on one output set or taken away. */
export function withStar(row: Row, target: Target, star: Star | undefined, reviewer: string): Row {
  return withStars(row, replace(row.stars, { target, star }, reviewer));
}

/** The row with other stars, and the score and tags that follow from them. */
export function withStars(row: Row, stars: Star[]): Row {
  const tags = [...new Set(stars.flatMap((star) => star.tags))];
  const changed: Row = { ...row, stars, tags };
  const sum = stars.reduce((total, star) => total + star.quality_score, 0);
  if (stars.length > 0) changed.score = sum / stars.length;
  else delete changed.score;
  return changed;
}

export function isFor(star: Star, target: { model?: string; choice: number }, reviewer: string) {
  return (
    star.starred_by === reviewer && star.model === target.model && star.choice === target.choice
  );
}

function replace(
  stars: Star[],
  act: { target: Target; star: Star | undefined },
  reviewer: string,
): Star[] {
  const others = stars.filter((star) => !isFor(star, act.target, reviewer));
  return act.star ? [...others, act.star] : others;
}
