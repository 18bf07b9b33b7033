// The columns of the table: which there are, in what order, how wide, which stay in sight; remembered per collection.
import { words } from '../words/en';

export type Kind = 'number' | 'name' | 'model' | 'tags' | 'score' | 'star';

export interface Column {
  /** Its kind, of a model `model:` and the name. */
  id: string;
  kind: Kind;
  model?: string;
  width: number;
  /** Whether it takes its share of what the others leave. */
  grows: boolean;
  /** Whether it is the last of those that stay at the left. */
  isEdge?: boolean;
  /** Where it stays while the others scroll by; nothing when it scrolls too. */
  left?: number;
}

/** What somebody chose; what is not named here is as it comes. */
export interface Layout {
  order: string[];
  hidden: string[];
  pinned: string[];
  widths: Record<string, number>;
}

export const WIDTH_MIN = 60;
export const WIDTH_MAX = 1200;
const NARROW_MAX = 720;

const widths: Record<Kind, [wide: number, narrow: number]> = {
  number: [64, 44],
  name: [184, 112],
  model: [260, 230],
  tags: [164, 140],
  score: [76, 76],
  star: [94, 84],
};
const PIN = '^';
export const fresh: Layout = { order: [], hidden: [], pinned: ['name'], widths: {} };

/** Whether one may move, hide and pin it: all but the first and the last. */
export const isMovable = ({ kind }: Column) => kind !== 'number' && kind !== 'star';

export const idOf = (model: string) => `model:${model}`;

/** What a column that can be moved is called; `heading` is the server's word for names. */
export function titleOf(id: string, heading: string): string {
  if (id === 'name') return heading;
  return id === 'tags' || id === 'score' ? words.table[id] : id.slice('model:'.length);
}

export class Columns {
  models = $state.raw<string[]>([]);
  layout = $state.raw<Layout>(fresh);

  /** Whether the page is as narrow as that of a telephone. */
  narrow = $state(false);

  /** A column that is being dragged, and where it would go. */
  drag = $state.raw<{ id: string; over?: string; behind?: boolean } | undefined>();

  readonly shown = $derived(arrange(this.models, this.layout, this.narrow));
  /** Those that one may hide and move, hidden ones too, in their order. */
  readonly movable = $derived(ordered(this.models, this.layout));
  /** For `grid-template-columns`. */
  readonly template = $derived(
    this.shown
      .map(({ width, grows }) => (grows ? `minmax(${width}px, 1fr)` : `${width}px`))
      .join(' '),
  );
  readonly width = $derived(this.shown.reduce((sum, column) => sum + column.width, 0));

  /** What is chosen, for the address: each column that is shown, in order; nothing where all is as it comes. */
  readonly said = $derived(isFresh(this.layout) ? [] : this.#say());

  #place: string | undefined;
  /** What an address asked for before the models were known. */
  #asked: string[] = [];

  /** Follows the width of the window; returns how to stop. */
  watch(): () => void {
    const look = () => (this.narrow = innerWidth <= NARROW_MAX);
    look();
    addEventListener('resize', look);
    return () => removeEventListener('resize', look);
  }

  /** Takes over what was chosen for this collection. */
  recall(collection: string): void {
    const place = `goldstar.columns.${collection}`;
    if (place === this.#place) return;
    this.#place = place;
    try {
      this.layout = read(JSON.parse(localStorage.getItem(place) ?? '{}'));
    } catch {
      this.layout = fresh;
    }
  }

  /** Shows the columns of an address; they are remembered only when they are changed here. */
  open(said: string[]): void {
    this.#asked = said;
    this.#take();
  }

  /** The columns that there can be; those of an address are shown once they are known. */
  setModels(models: string[]): void {
    this.models = models;
    this.#take();
  }

  #take(): void {
    if (this.#asked.length === 0 || this.models.length === 0) return;
    const natural = ['name', ...this.models.map(idOf), 'tags', 'score'];
    const asked = this.#asked.map(readSaid).filter(({ id }) => natural.includes(id));
    this.#asked = [];
    const order = asked.map(({ id }) => id);
    if (order.length === 0) return;
    this.layout = {
      order,
      hidden: natural.filter((id) => !order.includes(id)),
      pinned: asked.filter(({ pinned }) => pinned).map(({ id }) => id),
      widths: Object.fromEntries(
        asked.flatMap(({ id, width }) => (width === undefined ? [] : [[id, within(width)]])),
      ),
    };
  }

  #say(): string[] {
    const { pinned, widths } = this.layout;
    return this.movable
      .filter((id) => !this.isHidden(id))
      .map((id) => `${widths[id] ?? ''}${pinned.includes(id) ? PIN : ''}${id}`);
  }

  isHidden(id: string): boolean {
    return this.layout.hidden.includes(id);
  }

  isPinned(id: string): boolean {
    return this.layout.pinned.includes(id);
  }

  hide(id: string, hidden = true): void {
    this.#change({ hidden: set(this.layout.hidden, id, hidden) });
  }

  pin(id: string, pinned = true): void {
    this.#change({ pinned: set(this.layout.pinned, id, pinned) });
  }

  /** Puts it `steps` columns further among those of its side that are shown. */
  move(id: string, steps: -1 | 1): void {
    const side = this.movable.filter(
      (other) => !this.isHidden(other) && this.isPinned(other) === this.isPinned(id),
    );
    const neighbour = side[side.indexOf(id) + steps];
    if (side.includes(id) && neighbour) this.moveTo(id, neighbour, steps > 0);
  }

  canMove(id: string, steps: -1 | 1): boolean {
    const side = this.movable.filter(
      (other) => !this.isHidden(other) && this.isPinned(other) === this.isPinned(id),
    );
    const at = side.indexOf(id);
    return at >= 0 && side[at + steps] !== undefined;
  }

  /** Puts it before or behind another, and on that one's side. */
  moveTo(id: string, other: string, behind: boolean): void {
    if (id === other) return;
    const order = this.movable.filter((known) => known !== id);
    order.splice(order.indexOf(other) + (behind ? 1 : 0), 0, id);
    this.#change({ order, pinned: set(this.layout.pinned, id, this.isPinned(other)) });
  }

  /** Without a width it is as wide as it comes. */
  resize(id: string, width?: number): void {
    const widths = { ...this.layout.widths };
    if (width === undefined) delete widths[id];
    else widths[id] = within(width);
    this.#change({ widths });
  }

  reset(): void {
    this.#change(fresh);
  }

  #change(change: Partial<Layout>): void {
    this.layout = { ...this.layout, ...change };
    if (!this.#place) return;
    try {
      localStorage.setItem(this.#place, JSON.stringify(this.layout));
    } catch {
      // Storage may be full or forbidden; then it lasts as long as the page.
    }
  }
}

/** The movable columns in their order: those that were never moved stand behind the one they come after. */
function ordered(models: string[], { order }: Layout): string[] {
  const natural = ['name', ...models.map(idOf), 'tags', 'score'];
  const known = order.filter((id) => natural.includes(id));
  natural.forEach((id, i) => {
    if (known.includes(id)) return;
    const before = natural[i - 1];
    known.splice(before === undefined ? 0 : known.indexOf(before) + 1, 0, id);
  });
  return known;
}

/** The number stands first, the star last, what is pinned behind the number. */
export function arrange(models: string[], layout: Layout, narrow: boolean): Column[] {
  const shown = ordered(models, layout).filter((id) => !layout.hidden.includes(id));
  const pinned = shown.filter((id) => layout.pinned.includes(id));
  const rest = shown.filter((id) => !layout.pinned.includes(id));
  const edge = narrow ? pinned[0] : (pinned.at(-1) ?? 'number');
  let left = 0;
  return ['number', ...pinned, ...rest, 'star'].map((id) => {
    const column = made(id, layout, narrow);
    // On a narrow page the number scrolls away, and only the first of the others stays.
    const stays = narrow ? id === pinned[0] : id === 'number' || pinned.includes(id);
    if (!stays) return column;
    const at = left;
    left += column.width;
    return { ...column, left: at, isEdge: id === edge };
  });
}

function made(id: string, layout: Layout, narrow: boolean): Column {
  const model = id.startsWith('model:') ? id.slice('model:'.length) : undefined;
  const kind = model === undefined ? (id as Kind) : 'model';
  const chosen = narrow ? undefined : layout.widths[id];
  const width = chosen ?? widths[kind][narrow ? 1 : 0];
  const grows = kind === 'model' && chosen === undefined && !layout.pinned.includes(id);
  return { id, kind, width, grows, ...(model === undefined ? {} : { model }) };
}

// Only what has the right shape is taken over, so that an old or broken note does no harm.
function read(noted: unknown): Layout {
  const { order, hidden, pinned, widths } = Object(noted) as Record<string, unknown>;
  const texts = (list: unknown, other: string[]) =>
    Array.isArray(list) ? list.filter((id) => typeof id === 'string') : other;
  const numbers = Object.entries(Object(widths) as object).filter(
    ([, width]) => typeof width === 'number' && Number.isFinite(width),
  );
  return {
    order: texts(order, fresh.order),
    hidden: texts(hidden, fresh.hidden),
    pinned: texts(pinned, fresh.pinned),
    widths: Object.fromEntries(numbers.map(([id, width]) => [id, within(width as number)])),
  };
}

/** `240^model:a`: how wide if that was chosen, whether it stays in sight, and which it is. */
function readSaid(said: string): { id: string; pinned: boolean; width?: number } {
  const [, width = '', pin = '', id = ''] = /^(\d*)(\^?)(.*)$/s.exec(said) ?? [];
  return { id, pinned: pin === PIN, ...(width ? { width: Number(width) } : {}) };
}

const isFresh = (layout: Layout) => JSON.stringify(layout) === JSON.stringify(fresh);

const within = (width: number) => Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width)));

const set = (list: string[], id: string, on: boolean) =>
  on ? [...list.filter((other) => other !== id), id] : list.filter((other) => other !== id);
