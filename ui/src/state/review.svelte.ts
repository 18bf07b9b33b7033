// Stars given and taken here: shown at once, sent in order, rolled back in sight when the server refuses.
import { SvelteMap } from 'svelte/reactivity';
import { ApiError, api } from '../api/client';
import type { Row, Star, StarRequest } from '../api/types';
import { ulid } from '../api/ulid';
import { words } from '../words/en';
import { type Act, type Target, Unsent } from './unsent';

export type { Act, Target };

export interface Judgment {
  score: number;
  tags: string[];
  notes: string;
}

/** What is told to the page about each act. */
export interface Told {
  starred: (target: Target, score: number, id: string) => void;
  unstarred: (target: Target, id: string) => void;
  /** The server refused the act, and it is undone on the screen. */
  failed: (act: Act, error: ApiError, retry: () => void) => void;
  /** The act did not reach the disk; it is kept and sent again. */
  kept: () => void;
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

/** What the server has to offer now. */
export interface Served {
  collection: string;
  /** Whether all of its batches are read. */
  whole: boolean;
}

const UNDO_MAX = 500;
const ECHO_MS = 1000;

export class Review {
  /** Acts shown but not yet acknowledged, by record, in the order in which they are sent. */
  #pending = new SvelteMap<string, Act[]>();
  /** Records whose acts could not be sent, and why. */
  #stuck = new SvelteMap<string, ApiError>();
  #sending = new Set<string>();
  #echoes = new Map<string, ReturnType<typeof setTimeout>>();
  #adopted = new Set<string>();
  #done = $state.raw<Act[]>([]);
  #refused: Target | undefined;
  readonly canUndo = $derived(this.#done.length > 0);

  #journal: Journal;
  #told: Told;
  #reviewer: () => string;
  #served: () => Served;
  #unsent = new Unsent();

  constructor(
    reviewer: () => string,
    told: Told,
    journal: Journal = api,
    served: () => Served = () => ({ collection: '', whole: true }),
  ) {
    this.#reviewer = reviewer;
    this.#told = told;
    this.#journal = journal;
    this.#served = served;
  }

  /** The stars of a record as they are about to be. */
  starsOf(record: { custom_id: string; stars: Star[] }): Star[] {
    const acts = this.#pending.get(record.custom_id);
    if (!acts) return record.stars;
    return acts.reduce((stars, act) => replace(stars, act, act.by), record.stars);
  }

  /** Whether an act on the record was sent a moment ago, or still is to be. */
  isBusy(custom_id: string): boolean {
    return this.#pending.has(custom_id) || this.#echoes.has(custom_id);
  }

  /** Whether what is shown of the record could not be saved yet. */
  isUnsaved(custom_id: string): boolean {
    return this.#stuck.has(custom_id);
  }

  /** How many outputs have a star that could not be saved yet, and why the last one could not. */
  get unsaved(): { count: number; why: string } {
    const outputs = [...this.#stuck.keys()].flatMap((id) => this.#pending.get(id) ?? []);
    const keys = outputs.map(({ target: { custom_id, model, choice }, by }) =>
      JSON.stringify([custom_id, model, choice, by]),
    );
    return { count: new Set(keys).size, why: [...this.#stuck.values()].at(-1)?.message ?? '' };
  }

  /** My star on one output. */
  mine(record: { custom_id: string; stars: Star[] }, target: Target): Star | undefined {
    return this.starsOf(record).find((star) => isFor(star, target, this.#reviewer()));
  }

  star(target: Target, judgment: Judgment, before: Star | undefined, typed = false): void {
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
    const act = this.#act({ target, star, before, by: this.#reviewer(), typed });
    this.#begin(act, true);
    this.#told.starred(target, judgment.score, act.id);
  }

  unstar(target: Target, before: Star): void {
    const act = this.#act({ target, star: undefined, before, by: before.starred_by });
    this.#begin(act, true);
    this.#told.unstarred(target, act.id);
  }

  /** Takes back the last act of this page; answers with what it was for. */
  undo(): Target | undefined {
    const last = this.#done.at(-1);
    if (!last) return undefined;
    this.#done = this.#done.slice(0, -1);
    const { target, before, by } = last;
    // A star put back is a new line in the journal, so it carries an id of its own.
    const star = before && { ...before, id: ulid(), starred_at: new Date().toISOString() };
    const act = this.#act({ target, star, before: last.star, by });
    this.#begin(act, false);
    if (star) this.#told.starred(target, star.quality_score, act.id);
    else this.#told.unstarred(target, act.id);
    return target;
  }

  /** What was refused since the last act, once: undo must not seem to be for it. */
  takeRefused(): Target | undefined {
    const refused = this.#refused;
    this.#refused = undefined;
    return refused;
  }

  /** Takes over what an earlier life of the page could not send. */
  resume(): void {
    for (const act of this.#unsent.of(this.#served().collection)) {
      const { custom_id } = act.target;
      const acts = this.#pending.get(custom_id) ?? [];
      if (acts.some(({ id }) => id === act.id)) continue;
      this.#adopted.add(act.id);
      this.#pending.set(custom_id, [...acts, act]);
      void this.#drain(custom_id);
    }
  }

  /** Sends again what could not be sent. */
  retry(): void {
    for (const custom_id of this.#stuck.keys()) void this.#drain(custom_id);
  }

  #act(act: Omit<Act, 'id' | 'collection'>): Act {
    return { ...act, id: act.star?.id ?? ulid(), collection: this.#served().collection };
  }

  #begin(act: Act, undoable: boolean): void {
    const { custom_id } = act.target;
    this.#pending.set(custom_id, [...(this.#pending.get(custom_id) ?? []), act]);
    if (undoable) this.#done = [...this.#done, act].slice(-UNDO_MAX);
    this.#refused = undefined;
    this.#unsent.put(act);
    void this.#drain(custom_id);
  }

  // Acts on one record go out one after the other, so that the last one pressed is the last one written.
  async #drain(custom_id: string): Promise<void> {
    if (this.#sending.has(custom_id)) return;
    this.#sending.add(custom_id);
    let sent = true;
    while (sent) {
      const act = this.#pending.get(custom_id)?.[0];
      if (!act) break;
      sent = await this.#send(act);
    }
    this.#sending.delete(custom_id);
    if (!sent) return;
    this.#stuck.delete(custom_id);
    // The server's own message about the act may come a little later than its answer.
    clearTimeout(this.#echoes.get(custom_id));
    const timer = setTimeout(() => this.#echoes.delete(custom_id), ECHO_MS);
    this.#echoes.set(custom_id, timer);
  }

  /** False when the act has to wait for the server to be well again. */
  async #send(act: Act): Promise<boolean> {
    // Another tab took it over as well, and was faster.
    if (this.#adopted.has(act.id) && !this.#unsent.has(act.id)) {
      this.#settle(act);
      return true;
    }
    try {
      if (act.collection !== this.#served().collection)
        throw new ApiError(0, { detail: words.error.otherCollection });
      const star = act.star ? await this.#post(act.target, act.star) : await this.#remove(act);
      this.#told.saved(act.target, star, act.by);
      this.#settle(act);
      return true;
    } catch (error) {
      const problem =
        error instanceof ApiError ? error : new ApiError(0, { detail: String(error) });
      if (this.#mayPass(problem)) {
        this.#stuck.set(act.target.custom_id, problem);
        this.#told.kept();
        return false;
      }
      this.#refuse(act, problem);
      return true;
    }
  }

  // Until all batches are read, a record that is not there may still come.
  #mayPass({ status }: ApiError): boolean {
    return status === 0 || status >= 500 || (status === 404 && !this.#served().whole);
  }

  #refuse(act: Act, error: ApiError): void {
    this.#settle(act);
    const undoable = this.#done.includes(act);
    if (this.#done.at(-1) === act) this.#refused = act.target;
    this.#done = this.#done.filter((done) => done !== act);
    this.#told.failed(act, error, () => this.#begin(act, undoable));
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
      const gone = error instanceof ApiError && error.status === 404 && !this.#mayPass(error);
      if (!gone) throw error;
    }
    return undefined;
  }

  #settle(act: Act): void {
    const { custom_id } = act.target;
    this.#unsent.drop(act.id);
    this.#adopted.delete(act.id);
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
  act: { target: Target; star?: Star | undefined },
  reviewer: string,
): Star[] {
  const others = stars.filter((star) => !isFor(star, act.target, reviewer));
  return act.star ? [...others, act.star] : others;
}
