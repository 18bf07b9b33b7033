// The rows that are chosen, by their positions in the view; another view has others, so nothing is chosen then.
import { Ranges } from './ranges';

/** What of the page it is a selection in. */
export interface Chosen {
  total: () => number;
  /** Where the cursor is. */
  row: () => number;
}

export class Selection {
  ranges = $state.raw(new Ranges());

  readonly count = $derived(this.ranges.count);

  /** Where a range begins that Shift makes longer or shorter, and how far it goes by now. */
  #anchor: number | undefined;
  #reach: number | undefined;
  /** What was chosen before that range. */
  #before = new Ranges();
  #of: Chosen;

  constructor(of: Chosen) {
    this.#of = of;
  }

  has(row: number): boolean {
    return this.ranges.has(row);
  }

  get isAll(): boolean {
    return this.count > 0 && this.count === this.#of.total();
  }

  toggle(row = this.#of.row()): void {
    if (row < 0 || row >= this.#of.total()) return;
    this.ranges = this.ranges.toggled(row);
    this.#begin(row);
  }

  /** Chooses from where the last choice was made, else from the cursor, to the row. */
  extendTo(row: number): void {
    const to = Math.max(0, Math.min(row, this.#of.total() - 1));
    if (this.#anchor === undefined || this.#reach !== this.#of.row()) {
      // Shift begins a new range wherever the cursor was led without it, unless something is chosen there.
      if (!this.#goesOn()) this.#begin(this.#of.row());
    }
    const from = this.#anchor!;
    this.#reach = to;
    this.ranges = this.#before.with(Math.min(from, to), Math.max(from, to) + 1);
  }

  all(): void {
    this.ranges = new Ranges().with(0, this.#of.total());
    this.#forget();
  }

  clear(): boolean {
    const had = this.count > 0;
    this.ranges = new Ranges();
    this.#forget();
    return had;
  }

  #goesOn(): boolean {
    return this.#anchor !== undefined && this.ranges.has(this.#anchor);
  }

  #begin(row: number): void {
    this.#anchor = row;
    this.#reach = row;
    this.#before = this.ranges;
  }

  #forget(): void {
    this.#anchor = this.#reach = undefined;
    this.#before = new Ranges();
  }
}
