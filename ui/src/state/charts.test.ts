// Which counts are asked for, and that late answers to old questions are not shown.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Pairs, Stats } from '../api/types';
import { Charts, meanOf, type Source } from './charts.svelte';

const ten = (n: number) => [n, ...Array.from({ length: 9 }, () => 0)];
const answer = (records: number) =>
  ({
    records,
    models: [
      { value: 'few', scores: ten(1) },
      { value: 'many', scores: ten(9) },
      { value: 'some', scores: ten(5) },
    ],
  }) as Stats;

let asked: string[];
let source: Source;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  source = {
    stats: async (q) => answer(Number(q) || 1),
    pairs: async (q, x, y) => {
      asked.push(`${q}: ${x}, ${y}`);
      return { records: 0, counts: [] } as Pairs;
    },
    assignments: async () => ({ assignments: [] }),
  };
});
afterEach(() => void vi.useRealTimers());

it('compares the two models with most stars, until others are chosen', async () => {
  const charts = new Charts(source);
  charts.ask('7');
  await vi.runAllTimersAsync();
  expect(charts.stats?.records).toBe(7);
  charts.compare('many', 'few');
  await vi.runAllTimersAsync();
  charts.compare('few', 'few');
  await vi.runAllTimersAsync();
  expect(asked).toEqual(['7: many, some', '7: many, few', '7: few, many']);
});

it('shows the answer to the last question only', async () => {
  const late: ((stats: Stats) => void)[] = [];
  source.stats = (_, signal) =>
    new Promise((done, failed) => {
      late.push(done);
      signal?.addEventListener('abort', () => failed(new DOMException('', 'AbortError')));
    });
  const charts = new Charts(source);
  charts.ask('1');
  await vi.runAllTimersAsync();
  charts.ask('2');
  await vi.runAllTimersAsync();
  late[1]!(answer(2));
  late[0]!(answer(1));
  await vi.runAllTimersAsync();
  expect(charts.stats?.records).toBe(2);
  expect(charts.q).toBe('2');
  expect(charts.loading).toBe(false);
});

it('keeps what it has when the server fails', async () => {
  const charts = new Charts(source);
  charts.ask('3');
  await vi.runAllTimersAsync();
  source.stats = () => Promise.reject(new Error('gone'));
  charts.ask('4');
  await vi.runAllTimersAsync();
  expect(charts.stats?.records).toBe(3);
  expect(charts.error?.message).toBe('gone');
});

it('knows the mean', () => {
  expect(meanOf([0, 0, 1, 0, 0, 0, 0, 0, 0, 1])).toBe(6.5);
  expect(meanOf([])).toBe(0);
});
