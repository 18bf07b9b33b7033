// Scrolls any number of rows inside one element, though browsers cut elements off at some 17 million pixels.
//
// `top` is the place in the full (virtual) height, `bar` the element's own scrollTop. Up to HEIGHT_MAX they are
// the same. Above it the first and last ZONE pixels still are, and between them the bar is squeezed: small moves
// go pixel by pixel, big ones (the thumb) by proportion, and once the bar rests it is put where `top` says.

/** Chromium cuts at 33.5 million pixels, Firefox shows nothing above 17.8 million: stay far below both. */
export const HEIGHT_MAX = 8_000_000;
const ZONE = 200_000;
const REST_MS = 150;
const OVERSCAN = 6;
/** Rows are placed relative to a base that moves this seldom, so that most scrolls restyle no row. */
const BASE_STEP = 256;

export interface Scroller {
  scrollTop: number;
}

export class BigScroll {
  count = $state(0);
  rowHeight = $state(36);
  viewport = $state(600);
  top = $state(0);
  bar = $state(0);

  #scroller: Scroller | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly height = $derived(this.count * this.rowHeight);
  readonly spacer = $derived(Math.min(this.height, HEIGHT_MAX));
  readonly topMax = $derived(Math.max(0, this.height - this.viewport));
  readonly barMax = $derived(Math.max(0, this.spacer - this.viewport));
  readonly first = $derived(Math.max(0, Math.floor(this.top / this.rowHeight) - OVERSCAN));
  readonly last = $derived(
    Math.min(this.count, Math.ceil((this.top + this.viewport) / this.rowHeight) + OVERSCAN),
  );
  readonly base = $derived(Math.floor(this.first / BASE_STEP) * BASE_STEP);
  /** Where the layer of rows sits inside the element. */
  readonly shift = $derived(this.bar - this.top + this.base * this.rowHeight);
  /** The rows wholly in view: `[firstSeen, lastSeen]`. */
  readonly firstSeen = $derived(Math.ceil(this.top / this.rowHeight));
  readonly lastSeen = $derived(
    Math.max(this.firstSeen, Math.floor((this.top + this.viewport) / this.rowHeight) - 1),
  );

  attach(scroller: Scroller): () => void {
    this.#scroller = scroller;
    this.#put();
    return () => {
      clearTimeout(this.#timer);
      this.#scroller = undefined;
    };
  }

  /** The element scrolled: by wheel, touch, keyboard or thumb. */
  scrolled(): void {
    if (!this.#scroller) return;
    const bar = this.#scroller.scrollTop;
    const delta = bar - this.bar;
    if (delta === 0) return;
    this.bar = bar;
    if (this.height <= HEIGHT_MAX) {
      this.top = clamp(bar, 0, this.topMax);
      return;
    }
    const small = Math.abs(delta) <= 2 * this.viewport;
    this.top = small ? clamp(this.top + delta, 0, this.topMax) : this.#topOf(bar);
    clearTimeout(this.#timer);
    // At an end the element can scroll no further, so there the bar cannot wait for rest.
    if (bar <= 0 || bar >= this.barMax) this.#put();
    else this.#timer = setTimeout(() => this.#put(), REST_MS);
  }

  /** Scrolls so that `top` is the first visible pixel. */
  moveTo(top: number): void {
    this.top = clamp(Math.round(top), 0, this.topMax);
    this.#put();
  }

  /** Scrolls as little as shows the row whole. */
  reveal(row: number): void {
    const start = row * this.rowHeight;
    const end = start + this.rowHeight;
    if (start < this.top) this.moveTo(start);
    else if (end > this.top + this.viewport) this.moveTo(end - this.viewport);
  }

  /** Changes how many rows there are and how high they are, and keeps the row at the top. */
  resize(count: number, rowHeight: number): void {
    const row = this.top / this.rowHeight;
    this.count = count;
    this.rowHeight = rowHeight;
    this.moveTo(row * rowHeight);
  }

  /** The height of the visible part changed. */
  look(viewport: number): void {
    if (viewport === this.viewport) return;
    this.viewport = viewport;
    this.moveTo(this.top);
  }

  /** Puts the real bar where `top` says, without moving what is seen. */
  #put(): void {
    clearTimeout(this.#timer);
    if (!this.#scroller) return;
    const bar = this.#barOf(this.top);
    if (this.#scroller.scrollTop !== bar) this.#scroller.scrollTop = bar;
    // Browsers round to device pixels: what they kept is what the next event is measured from.
    this.bar = this.#scroller.scrollTop;
  }

  #barOf(top: number): number {
    return project(top, this.topMax, this.barMax);
  }

  #topOf(bar: number): number {
    return clamp(Math.round(project(bar, this.barMax, this.topMax)), 0, this.topMax);
  }
}

// Maps 0..from onto 0..to: pixel by pixel within ZONE of either end, evenly between.
function project(at: number, from: number, to: number): number {
  if (from === to || at <= ZONE) return Math.min(at, to);
  if (at >= from - ZONE) return Math.max(0, to - (from - at));
  return ZONE + ((at - ZONE) * (to - 2 * ZONE)) / (from - 2 * ZONE);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
