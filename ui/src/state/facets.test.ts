// When facets are asked for, and what is shown until they come.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FacetsBody } from '../api/types';
import { Facets, merged } from './facets.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function make(answerMs = 10) {
  const asked: string[] = [];
  const aborted: string[] = [];
  const facets = new Facets(async (q, signal) => {
    asked.push(q);
    await new Promise((resolve) => setTimeout(resolve, answerMs));
    if (signal?.aborted) {
      aborted.push(q);
      throw new DOMException('', 'AbortError');
    }
    return { total: q.length } as FacetsBody;
  });
  return { facets, asked, aborted };
}

it('asks at once at first, then waits until typing rests', async () => {
  const { facets, asked } = make();
  let stop = facets.show('');
  await vi.advanceTimersByTimeAsync(20);
  expect(facets.body?.total).toBe(0);
  for (const q of ['a', 'ab', 'abc']) {
    const next = facets.show(q);
    stop();
    stop = next;
    await vi.advanceTimersByTimeAsync(40);
  }
  expect(facets.stale).toBe(true);
  expect(facets.body?.total).toBe(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(['', 'abc']);
  expect(facets.body?.total).toBe(3);
  expect(facets.stale).toBe(false);
});

it('gives up what is out of date', async () => {
  const { facets, asked, aborted } = make(500);
  facets.show('a');
  await vi.advanceTimersByTimeAsync(50);
  facets.show('b');
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(['a', 'b']);
  expect(aborted).toEqual(['a']);
  expect(facets.body?.total).toBe(1);
});

it('counts anew after stars, but not for each of many', async () => {
  const { facets, asked } = make();
  facets.show('');
  for (let i = 0; i < 60; i++) {
    facets.refresh();
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked.length).toBeGreaterThanOrEqual(2);
  expect(asked.length).toBeLessThanOrEqual(4);
  expect(facets.stale).toBe(false);
});

it('asks for nothing while nobody looks, and for what is new when somebody does', async () => {
  const { facets, asked } = make();
  facets.refresh();
  await vi.advanceTimersByTimeAsync(3000);
  expect(asked).toEqual([]);
  const stop = facets.show('');
  await vi.advanceTimersByTimeAsync(50);
  stop();
  facets.refresh();
  await vi.advanceTimersByTimeAsync(3000);
  expect(asked).toEqual(['']);
  facets.show('');
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual(['', '']);
});

it('keeps the old numbers, dimmed, when there are no new ones', async () => {
  let fail = false;
  const facets = new Facets(async () => {
    if (fail) throw new Error('no');
    return { total: 7 } as FacetsBody;
  });
  facets.show('');
  await vi.advanceTimersByTimeAsync(10);
  fail = true;
  facets.show('bad:');
  await vi.advanceTimersByTimeAsync(500);
  expect(facets.body?.total).toBe(7);
  expect(facets.stale).toBe(true);
});

it('puts many bars into few and loses none of what they count', () => {
  const edges = Array.from({ length: 40 }, (_, i) => i * 100);
  const counts = edges.map((_, i) => i);
  const few = merged({ edges, counts }, 10);
  expect(few.edges).toEqual([0, 400, 800, 1200, 1600, 2000, 2400, 2800, 3200, 3600]);
  expect(few.counts[0]).toBe(0 + 1 + 2 + 3);
  expect(few.counts.reduce((a, b) => a + b)).toBe((39 * 40) / 2);
  expect(merged({ edges: [0, 100], counts: [1, 2] }, 10)).toEqual({
    edges: [0, 100],
    counts: [1, 2],
  });
  expect(merged({ edges: [], counts: [] }, 10)).toEqual({ edges: [], counts: [] });
});
