// Claims of others come and go by themselves; one's own are made where one stays, and only among others.
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Claimer, Together } from './together.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(as: Partial<Claimer> = {}, answer: { claimed: boolean; by?: string } | Error) {
  const claims: string[] = [];
  const claimer = {
    reviewer: () => 'ann',
    minutes: () => 10,
    shared: () => true,
    unreviewed: () => true,
    before: () => 'r-1',
    ...as,
  };
  const together = new Together(claimer, async (custom_id, by) => {
    claims.push(`${by} ${custom_id}`);
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { together, claims };
}

const heard = (starred_by: string, custom_id: string, seconds = 60) => ({
  starred_by,
  custom_id,
  seconds,
});

it('knows who has what before them until the time is up', () => {
  const { together } = open({}, { claimed: true });
  together.hear(heard('ben', 'r-1', 60));
  together.hear(heard('cy', 'r-2', 90));
  expect([together.on('r-1'), together.on('r-2'), together.on('r-3')]).toEqual([
    'ben',
    'cy',
    undefined,
  ]);
  vi.advanceTimersByTime(60_000);
  expect([together.on('r-1'), together.on('r-2')]).toEqual([undefined, 'cy']);
  vi.advanceTimersByTime(30_000);
  expect(together.claims.size).toBe(0);
});

it('has one claim of each reviewer, and shows nobody their own', () => {
  const { together } = open({}, { claimed: true });
  together.hear(heard('ben', 'r-1'));
  together.hear(heard('ben', 'r-2'));
  together.hear(heard('ann', 'r-3'));
  expect([together.on('r-1'), together.on('r-2'), together.on('r-3')]).toEqual([
    undefined,
    'ben',
    undefined,
  ]);
  together.starred('r-2', 'cy');
  expect(together.on('r-2')).toBe('ben');
  together.starred('r-2', 'ben');
  expect(together.on('r-2')).toBeUndefined();
});

it('claims where one stays for two seconds, and again before half the time is over', () => {
  const { together, claims } = open({}, { claimed: true });
  const stop = together.watch();
  flushSync();
  vi.advanceTimersByTime(1999);
  expect(claims).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(claims).toEqual(['ann r-1']);
  vi.advanceTimersByTime(301_000);
  expect(claims).toEqual(['ann r-1', 'ann r-1']);
  stop();
  vi.advanceTimersByTime(3_600_000);
  expect(claims).toHaveLength(2);
});

it.each([
  ['alone', { shared: () => false }],
  ['where claims are switched off', { minutes: () => 0 }],
  ['where there is nothing to judge', { before: () => undefined }],
])('claims nothing %s', async (_, as) => {
  const { together, claims } = open(as, { claimed: true });
  together.watch();
  flushSync();
  vi.advanceTimersByTime(10_000);
  expect(claims).toEqual([]);
});

it('says who came first, and lets one go on when the server cannot', async () => {
  const answers: [Parameters<typeof open>[1], boolean][] = [
    [{ claimed: true }, true],
    [{ claimed: false, by: 'ben' }, false],
    [{ claimed: false }, true],
    [new Error('away'), true],
  ];
  for (const [answer, expected] of answers) {
    expect(await open({}, answer).together.claim('r-1')).toBe(expected);
  }
});
