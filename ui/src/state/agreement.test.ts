// What the report means in words, and that late answers to old questions are not shown.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Agreement, Bias, Tagging } from '../api/types';
import { Agreeing, isBiased, meaningOf, type Source } from './agreement.svelte';

const answer = (records: number) => ({ records }) as Agreement;
const tagging = async () => ({}) as Tagging;
const bias = async () => ({}) as Bias;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('shows the answer to the last question only', async () => {
  const late: ((report: Agreement) => void)[] = [];
  const source: Source = {
    agreement: (_, signal) =>
      new Promise((done, failed) => {
        late.push(done);
        signal?.addEventListener('abort', () => failed(new DOMException('', 'AbortError')));
      }),
    tagging,
    bias,
  };
  const agreeing = new Agreeing(source);
  agreeing.ask('1');
  await vi.runAllTimersAsync();
  agreeing.ask('2');
  await vi.runAllTimersAsync();
  late[1]!(answer(2));
  late[0]!(answer(1));
  await vi.runAllTimersAsync();
  expect([agreeing.report?.records, agreeing.q, agreeing.loading]).toEqual([2, '2', false]);
});

it('keeps what it has when the server fails', async () => {
  const source: Source = { agreement: async () => answer(3), tagging, bias };
  const agreeing = new Agreeing(source);
  agreeing.ask('a');
  await vi.runAllTimersAsync();
  source.agreement = () => Promise.reject(new Error('gone'));
  agreeing.ask('b');
  await vi.runAllTimersAsync();
  expect([agreeing.report?.records, agreeing.q, agreeing.error?.message]).toEqual([3, 'a', 'gone']);
});

it('says what an alpha means', () => {
  expect([0.81, 0.8, 0.7, 0.667, 0.5, -0.2, undefined].map(meaningOf)).toEqual([
    'good',
    'good',
    'tentative',
    'tentative',
    'poor',
    'poor',
    'none',
  ]);
});

it('tells bias from noise by the correlations', () => {
  const icc = (two: number, three: number, outputs = 10) =>
    ({ icc: { outputs, icc_2_1: { value: two }, icc_3_1: { value: three } } }) as Agreement;
  // Shrout and Fleiss' own table: .29 and .71.
  expect(isBiased(icc(0.29, 0.71))).toBe(true);
  expect(isBiased(icc(0.29, 0.71, 9))).toBe(false);
  expect(isBiased(icc(0.6, 0.65))).toBe(false);
  expect(isBiased({} as Agreement)).toBe(false);
});
