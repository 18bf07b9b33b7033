// Where one looks: the query, the order, the row and cell under the cursor, and how to get elsewhere.
import type { ApiError } from '../api/client';
import type { OutputPreview, Row } from '../api/types';
import { BigScroll } from './bigscroll.svelte';
import { Columns, idOf } from './columns.svelte';
import type { Rows } from './rows.svelte';
import { Selection } from './selection.svelte';
import { sought } from './sought';

/** Where the cursor begins: behind number and name, at the first model as long as no column was moved. */
export const BEFORE = 2;

/** Rows drawn empty until it is known how many there are. */
const SKELETONS = 12;

/** So many stars of this page may the server not know of yet. */
const TRIES_MAX = 1000;

/** What fills the page below its head. */
export type Screen = 'table' | 'charts' | 'agreement';

export class Browse {
  screen = $state<Screen>('table');
  readonly rows: Rows;
  readonly scroll = new BigScroll();
  readonly layout = new Columns();
  readonly selection: Selection;

  row = $state(0);
  column = $state(BEFORE);
  looking = $state(false);

  /** Counts every move, so that the cell under the cursor is brought into sight even where it stayed. */
  moves = $state(0);

  /** All models there are, also those whose column is hidden. */
  get models(): string[] {
    return this.layout.models;
  }

  readonly columns = $derived(this.layout.shown.length);
  readonly current = $derived.by(() => this.rows.at(this.row));
  /** What the rows that are shown were searched for. */
  readonly sought = $derived.by(() => sought(this.rows.q));
  readonly model = $derived(this.layout.shown[this.column]?.model);

  /** Whether the column is in sight: the table knows. */
  sees: (column: number) => boolean = () => true;

  /** Told when an order the server does not know was given up. */
  dropped: (sort: string) => void = () => {};

  /** Told when a selection was dropped because the rows under it are others now. */
  unchosen: () => void = () => {};

  #look = 0;
  /** The column that the address asked for. */
  #cell: string | undefined;
  #view = '';

  constructor(rows: Rows) {
    this.rows = rows;
    this.selection = new Selection({ total: () => rows.total, row: () => this.row });
    rows.anchor = () => this.row;
    this.scroll.resize(SKELETONS, this.scroll.rowHeight);
    rows.placed = (total, shift) => {
      this.#unchoose();
      const top = this.scroll.top;
      this.scroll.resize(total, this.scroll.rowHeight);
      if (shift !== 0) this.scroll.moveTo(top + shift * this.scroll.rowHeight);
      this.row = clamp(this.row + shift, 0, total - 1);
    };
  }

  setRowHeight(height: number): void {
    if (height !== this.scroll.rowHeight) this.scroll.resize(this.scroll.count, height);
    this.scroll.reveal(this.row);
  }

  setModels(models: string[], collection = ''): void {
    const { layout } = this;
    if (models.join('\n') === layout.models.join('\n')) return;
    if (layout.models.length > 0) return this.arrange(() => layout.setModels(models));
    layout.recall(collection);
    layout.setModels(models);
    this.column = this.startColumn;
    if (this.#cell !== undefined) this.goToId(this.#cell);
  }

  /** Changes the columns and keeps the cursor in its own, if that is still shown. */
  arrange(change: () => void): void {
    const id = this.layout.shown[this.column]?.id;
    change();
    const column = this.layout.shown.findIndex((shown) => shown.id === id);
    if (column >= 0) this.column = column;
    else this.column = clamp(this.column, 0, this.columns - 1);
  }

  /** Opens a view at one of its records; false when that is not in it. */
  async openAt(q: string, sort: string, custom_id: string): Promise<boolean> {
    const index = await this.rows.position(q, sort, custom_id);
    await this.search(q, sort, index ?? 0);
    return index !== undefined;
  }

  async search(q: string, sort: string, row = 0): Promise<void> {
    this.#look++;
    await this.rows.search(q, sort, row);
    if (sort && this.rows.asked === q && refuses(this.rows.error, 'sort')) {
      this.dropped(sort);
      return this.search(q, '', row);
    }
    if (this.rows.q !== q || this.rows.sort !== sort) return;
    this.goTo(row);
    if (row === 0) this.scroll.moveTo(0);
  }

  /** Sorts by a column; once more turns the order round; a third time restores the natural order. */
  sortBy(key: string, greatestFirst = false): void {
    const { q, sort } = this.rows;
    const steps = greatestFirst ? [`-${key}`, key, ''] : [key, `-${key}`, ''];
    void this.search(q, steps[(steps.indexOf(sort) + 1) % steps.length]!);
  }

  move(rows: number): void {
    this.goTo(this.row + rows);
  }

  goTo(row: number): void {
    this.#look++;
    this.looking = false;
    this.row = clamp(row, 0, this.rows.total - 1);
    this.moves++;
    this.scroll.reveal(this.row);
  }

  /** Goes on by so many rows and chooses all from where the choice began. */
  extend(rows: number): void {
    this.selection.extendTo(this.row + rows);
    this.move(rows);
  }

  /** The table's visible height changed: the row under the cursor stays in sight when it was, or when its text is. */
  resized(viewport: number, inspected: boolean): void {
    const { scroll } = this;
    const seen = this.row >= scroll.firstSeen && this.row <= scroll.lastSeen;
    const shrunk = viewport < scroll.viewport;
    scroll.look(viewport);
    if (shrunk && (seen || inspected)) scroll.reveal(this.row);
  }

  moveCell(cells: number): void {
    this.goToCell(this.column + cells);
  }

  goToCell(column: number): void {
    this.column = clamp(column, 0, this.columns - 1);
    this.moves++;
  }

  /** The first model's column. */
  get startColumn(): number {
    return Math.max(
      0,
      this.layout.shown.findIndex(({ kind }) => kind === 'model'),
    );
  }

  /** The column under the cursor, by its name; nothing where the cursor begins. */
  get cell(): string {
    return this.column === this.startColumn ? '' : (this.layout.shown[this.column]?.id ?? '');
  }

  /** Goes to the column of this name, as soon as there is one. */
  goToId(id: string): void {
    this.#cell = id;
    const column = this.layout.shown.findIndex((shown) => shown.id === id);
    if (column >= 0) this.goToCell(column);
  }

  /** Where the column of a model stands; -1 while it is hidden. */
  columnOf(model: string): number {
    return this.layout.shown.findIndex((column) => column.id === idOf(model));
  }

  page(direction: 1 | -1): void {
    const rows = Math.max(1, Math.floor(this.scroll.viewport / this.scroll.rowHeight) - 1);
    this.move(direction * rows);
  }

  /**
   * Goes to the next record without a star that `wanted` does not rule out, round the end of the view if need be:
   * `beyond` then. `again`: it is one that I have starred before. `claimed`: only such are left that others have
   * before them.
   */
  async next(
    direction: 1 | -1,
    wanted: (row: Row) => boolean,
    start = this.row,
  ): Promise<'found' | 'beyond' | 'none' | 'again' | 'claimed'> {
    const mine = ++this.#look;
    let from: number | undefined = start;
    let beyond = false;
    this.looking = true;
    try {
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        // Only a step forward may lead to one that comes again, and only at its beginning.
        const reshow = tries === 0 && direction === 1;
        const { index, claimed, reshown = false } = await this.rows.next(from, direction, reshow);
        if (mine !== this.#look) return 'found';
        if (reshown && index !== undefined && (await this.rows.load(index))) {
          if (mine === this.#look) this.goTo(index);
          return 'again';
        }
        const passed = index === undefined || (beyond && (index - start) * direction >= 0);
        if (passed && beyond) return claimed ? 'claimed' : 'none';
        if (index === undefined) {
          [from, beyond] = [undefined, true];
          continue;
        }
        const row = this.rows.at(index) ?? (await this.rows.load(index));
        if (mine !== this.#look) return 'found';
        if (row && wanted(row)) {
          this.goTo(index);
          return beyond ? 'beyond' : 'found';
        }
        from = index;
      }
      return 'none';
    } finally {
      if (mine === this.#look) this.looking = false;
    }
  }

  /** The first output that can be starred of those whose column is not hidden. */
  firstSeen(row: Row): OutputPreview | undefined {
    return row.outputs.find((output) => canStar(output) && this.columnOf(output.model) >= 0);
  }

  // Positions mean nothing in another view.
  #unchoose(): void {
    const { view, q, sort } = this.rows;
    const same = this.#view.startsWith(JSON.stringify([q, sort]));
    const name = JSON.stringify([q, sort]) + view;
    if (name === this.#view) return;
    this.#view = name;
    if (this.selection.clear() && same) this.unchosen();
  }

  /** The output a star would be for: that of the cell under the cursor, else the first that can be starred. */
  output(row: Row): OutputPreview | undefined {
    const of = this.model;
    if (of === undefined) return this.firstSeen(row);
    const mine = row.outputs.filter((output) => output.model === of);
    return mine.find(canStar) ?? mine[0];
  }
}

export function canStar(output: { state: string }): boolean {
  return output.state === 'ok';
}

function refuses(error: ApiError | undefined, field: string): boolean {
  return error?.status === 400 && (error.problem.errors ?? []).some((e) => e.field === field);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
