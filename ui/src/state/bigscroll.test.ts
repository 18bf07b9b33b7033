// BigScroll under thousands of random moves: nothing is unreachable, and small moves are exact.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BigScroll, HEIGHT_MAX } from './bigscroll.svelte';

const VIEWPORT = 700;

// What a browser does: keeps scrollTop within its bounds, rounds it, and tells of every change later.
class FakeScroller {
  #top = 0;
  moved = false;
  constructor(
    readonly scroll: () => BigScroll,
    readonly grain: number,
  ) {}
  get scrollTop(): number {
    return this.#top;
  }
  set scrollTop(value: number) {
    const max = Math.max(0, this.scroll().spacer - VIEWPORT);
    const next = Math.min(max, Math.max(0, Math.round(value * this.grain) / this.grain));
    if (next !== this.#top) this.moved = true;
    this.#top = next;
  }
}

function make(count: number, rowHeight: number, grain = 1) {
  const scroll = new BigScroll();
  scroll.viewport = VIEWPORT;
  const scroller = new FakeScroller(() => scroll, grain);
  scroll.attach(scroller);
  scroll.resize(count, rowHeight);
  const event = () => {
    scroller.moved = false;
    scroll.scrolled();
  };
  const wheel = (delta: number) => {
    scroller.scrollTop += delta;
    if (scroller.moved) event();
  };
  return { scroll, scroller, wheel, event };
}

function randoms(seed: number): () => number {
  return () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return seed / 4_294_967_296;
  };
}

function checkWhole({ scroll, scroller }: ReturnType<typeof make>) {
  expect(scroll.top).toBeGreaterThanOrEqual(0);
  expect(scroll.top).toBeLessThanOrEqual(scroll.topMax);
  expect(scroller.scrollTop).toBe(scroll.bar);
  // Every visible pixel is covered by a drawn row.
  expect(scroll.first * scroll.rowHeight).toBeLessThanOrEqual(scroll.top);
  const end = Math.min(scroll.height, scroll.top + VIEWPORT);
  expect(scroll.last * scroll.rowHeight).toBeGreaterThanOrEqual(end);
  // Few rows are drawn, and near their base.
  expect(scroll.last - scroll.first).toBeLessThanOrEqual(VIEWPORT / scroll.rowHeight + 16);
  expect(scroll.first - scroll.base).toBeLessThan(256);
  // The first visible pixel is drawn at the top of the visible part.
  const drawnAt = scroll.shift + (scroll.top - scroll.base * scroll.rowHeight);
  expect(drawnAt).toBeCloseTo(scroll.bar, 3);
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each([1, 20, 1_000, 222_000, 1_000_000, 10_000_000, 100_000_000])('%i rows', (count) => {
  it('stays whole under 4,000 random moves', () => {
    const it = make(count, 36, count % 3 === 0 ? 1 : 1.25);
    const random = randoms(count);
    for (let i = 0; i < 4000; i++) {
      const kind = random();
      if (kind < 0.5) it.wheel(Math.round((random() - 0.5) * 4 * VIEWPORT));
      else if (kind < 0.6) it.wheel((random() - 0.5) * 2 * it.scroll.spacer);
      else if (kind < 0.75) it.scroll.reveal(Math.floor(random() * count));
      else if (kind < 0.8) it.scroll.moveTo(random() * it.scroll.height);
      else if (kind < 0.85) it.scroll.resize(count, random() < 0.5 ? 36 : 84);
      else if (kind < 0.95) vi.advanceTimersByTime(random() * 300);
      else it.event();
      checkWhole(it);
    }
  });

  it('moves exactly by small deltas and comes back', () => {
    const it = make(count, 36);
    it.scroll.moveTo(it.scroll.topMax / 2);
    const start = it.scroll.top;
    const room = Math.min(start, it.scroll.topMax - start);
    for (const delta of [1, 36, 500, 1000].filter((d) => d <= room)) {
      it.wheel(delta);
      expect(it.scroll.top).toBe(start + delta);
      it.wheel(-delta);
      expect(it.scroll.top).toBe(start);
    }
  });

  it('reaches both ends by thumb and by wheel', () => {
    const it = make(count, 36);
    it.wheel(it.scroll.spacer);
    expect(it.scroll.top).toBe(it.scroll.topMax);
    expect(it.scroll.last).toBe(count);
    it.wheel(-it.scroll.spacer);
    expect(it.scroll.top).toBe(0);
    expect(it.scroll.first).toBe(0);
    it.scroll.moveTo(Math.max(0, it.scroll.topMax - 5000));
    for (let i = 0; i < 60; i++) it.wheel(100);
    expect(it.scroll.top).toBe(it.scroll.topMax);
    it.scroll.moveTo(5000);
    for (let i = 0; i < 60; i++) it.wheel(-100);
    expect(it.scroll.top).toBe(0);
  });

  it('keeps the top row across densities and counts', () => {
    const it = make(count, 36);
    const row = Math.floor(count / 3);
    it.scroll.moveTo(row * 36);
    const seen = it.scroll.top / 36;
    it.scroll.resize(count, 84);
    const fits = seen * 84 <= it.scroll.topMax;
    if (fits) expect(it.scroll.top / 84).toBeCloseTo(seen, 1);
    else expect(it.scroll.top).toBe(it.scroll.topMax);
  });

  it('reveals any row with the least movement', () => {
    const it = make(count, 36);
    const random = randoms(7);
    for (let i = 0; i < 200; i++) {
      const row = Math.floor(random() * count);
      it.scroll.reveal(row);
      expect(row * 36).toBeGreaterThanOrEqual(it.scroll.top);
      expect((row + 1) * 36).toBeLessThanOrEqual(it.scroll.top + VIEWPORT);
      const still = it.scroll.top;
      it.scroll.reveal(row);
      expect(it.scroll.top).toBe(still);
    }
  });
});

describe('the squeezed bar', () => {
  it('is put where the place is, 150 ms after the last move', () => {
    const it = make(10_000_000, 36);
    it.scroll.moveTo(180_000_000);
    const rest = it.scroll.bar;
    for (let i = 0; i < 50; i++) it.wheel(1000);
    expect(it.scroller.scrollTop).toBe(rest + 50_000);
    vi.advanceTimersByTime(151);
    expect(it.scroller.scrollTop).toBeLessThan(rest + 2000);
    expect(it.scroll.top).toBe(180_050_000);
    it.event();
    expect(it.scroll.top).toBe(180_050_000);
  });

  it('goes by proportion when the thumb is dragged', () => {
    const it = make(10_000_000, 36);
    it.wheel(HEIGHT_MAX / 2 - VIEWPORT / 2);
    expect(it.scroll.top / it.scroll.topMax).toBeCloseTo(0.5, 3);
  });
});
