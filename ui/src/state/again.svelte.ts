// Records that I have starred before and judge once more: what I gave is not shown until I have given it again.
import { SvelteMap } from 'svelte/reactivity';
import type { Star } from '../api/types';
import { isFor, type Judgment, type Target } from './stars';

type Output = Pick<Target, 'model' | 'choice'>;

export class Again {
  /** By record: the outputs that were scored once more. */
  #given = new SvelteMap<string, string[]>();
  #reviewer: () => string;
  /** Where I came from, to go on from there. */
  #back: { custom_id: string; row: number } | undefined;

  constructor(reviewer: () => string) {
    this.#reviewer = reviewer;
  }

  /** A record comes again, while I am at a row. */
  show(custom_id: string, row: number): void {
    this.#given.set(custom_id, []);
    this.#back = { custom_id, row };
  }

  /** The row from which to go on when the cursor is on such a record. */
  goOnFrom(custom_id: string | undefined): number | undefined {
    return this.#back?.custom_id === custom_id ? this.#back?.row : undefined;
  }

  /** Whether nothing of a record was scored once more yet. */
  waits(custom_id: string): boolean {
    return this.#given.get(custom_id)?.length === 0;
  }

  /** Whether something of a record is hidden, its outputs' stars being these. */
  hides(custom_id: string, stars: Star[]): boolean {
    return this.#given.has(custom_id) && this.seen(custom_id, stars).length < stars.length;
  }

  /** The stars of a record without those on outputs that wait for their second score. */
  seen(custom_id: string, stars: Star[]): Star[] {
    const given = this.#given.get(custom_id);
    if (!given) return stars;
    const mine = stars.filter(({ starred_by }) => starred_by === this.#reviewer());
    const waits = (star: Star) => mine.some((own) => nameOf(own) === nameOf(star));
    return stars.filter((star) => given.includes(nameOf(star)) || !waits(star));
  }

  /** Whether a star that is being given is the second of its output. */
  isAgain(target: Target, stars: Star[]): boolean {
    const given = this.#given.get(target.custom_id);
    const before = stars.some((star) => isFor(star, target, this.#reviewer()));
    return given !== undefined && before && !given.includes(nameOf(target));
  }

  /** The output has its second score. */
  give(target: Target): void {
    const given = this.#given.get(target.custom_id);
    if (given) this.#given.set(target.custom_id, [...given, nameOf(target)]);
  }

  forget(): void {
    this.#given.clear();
    this.#back = undefined;
  }
}

/** What is said now, with the tags and notes of the star that was hidden: nobody has taken them back. */
export function withHidden(said: Judgment, hidden: Star | undefined): Judgment {
  if (!hidden) return said;
  const tags = [...new Set([...hidden.tags, ...said.tags])];
  return { score: said.score, tags, notes: said.notes || hidden.notes };
}

const nameOf = ({ model, choice }: Output) => JSON.stringify([model, choice]);
