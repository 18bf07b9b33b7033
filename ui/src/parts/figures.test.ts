// What charts say and where they lead, from counts written by hand.
import { describe, expect, it } from 'vitest';
import type { Pairs, Stats } from '../api/types';
import { parse } from '../state/place.svelte';
import { given } from './chart';
import { csv } from './csv';
import * as figures from './figures';

const none = () => Array.from({ length: 10 }, () => 0);
const scored = (counts: Record<number, number>) => none().map((_, i) => counts[i + 1] ?? 0);

/** Ten records, six of them reviewed: seven stars by two people and an agent. */
const stats: Stats = {
  records: 10,
  reviewed: 6,
  stars: 7,
  scores: scored({ 3: 1, 8: 2, 9: 3, 10: 1 }),
  models: [
    { value: 'm 1', scores: scored({ 9: 3, 10: 1 }) },
    { value: 'm2', scores: scored({ 3: 1, 8: 2 }) },
    { value: 'm3', scores: none() },
  ],
  reviewers: [
    { value: 'ada', kind: 'human', scores: scored({ 9: 3, 10: 1 }) },
    { value: 'bot', kind: 'agent', scores: scored({ 3: 1, 8: 2 }) },
  ],
  tags: [{ value: '=cmd()', scores: scored({ 9: 2 }) }],
  pace: {
    bucket: 'day',
    from: '2026-03-01T00:00:00Z',
    counts: [2, 0, 5],
    reviewers: [
      { value: 'ada', counts: [2, 0, 2] },
      { value: 'bot', counts: [0, 0, 3] },
    ],
  },
  tags_over_time: [
    { value: '=cmd()', counts: [2, 0, 0] },
    { value: 'late', counts: [0, 0, 1] },
  ],
  estimate: { per_hour: 60, active_hours: 0.1, hours_left: 0.0667 },
};

const led = (href: string | undefined) => parse(href ?? '');

describe('progress', () => {
  it('says how much is left, and for how long', () => {
    const { reading, data } = figures.progress(stats, 'tag:x');
    expect(reading).toBe(
      '6 of 10 records are reviewed; the rest takes about 4 minutes of reviewing, at 60 an hour.',
    );
    expect(data.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['reviewed', '6', '60%'],
      ['unreviewed', '4', '40%'],
    ]);
    expect(led(data.rows[1]![1]!.href).q).toBe('tag:x is:unreviewed');
  });

  it('promises nothing without an estimate, and says when nothing is left', () => {
    const unknown = figures.progress({ ...stats, estimate: undefined }, '');
    expect(unknown.reading).toContain('more stars are needed');
    const done = figures.progress({ ...stats, records: 6 }, '');
    expect(done.reading).toBe('6 of 6 records are reviewed: nothing is left.');
  });

  it('never rounds something to nothing or to all', () => {
    const { data } = figures.progress({ ...stats, records: 100_000, reviewed: 2 }, '');
    expect(data.rows.map((row) => row[2]!.text)).toEqual(['1%', '99%']);
  });
});

describe('scores', () => {
  it('have a mean and a share of good ones', () => {
    const { reading } = figures.scores(figures.panels(stats, 'all'), 'all', '');
    // (3 + 16 + 27 + 10) / 7 = 8; six of seven are 8 or better.
    expect(reading).toBe('7 stars with a mean of 8.0; 86% of them are 8 or better.');
  });

  it('are compared by model, without models that have none', () => {
    const panels = figures.panels(stats, 'models');
    expect(panels.map(({ label }) => label)).toEqual(['m 1', 'm2']);
    const { reading } = figures.scores(panels, 'models', '');
    expect(reading).toContain('Highest mean: m 1 with 9.3; lowest: m2 with 6.3.');
  });

  it('lead to the records they count', () => {
    const { data } = figures.scores(figures.panels(stats, 'models'), 'models', 'is:starred');
    expect(led(data.rows[0]![9]!.href).q).toBe('is:starred of:"m 1" score:9');
    expect(data.rows[0]![1]!.href).toBeUndefined();
    const reviewers = figures.panels(stats, 'reviewers');
    expect(reviewers[1]!.label).toBe('bot (agent)');
    const of = figures.scores(reviewers, 'reviewers', '').data.rows[1]![8]!;
    expect(led(of.href).q).toBe('by:bot score:8');
    expect(figures.scoreClauses('tags', 'a b', 2)).toEqual(['tag:"a b"', 'score:2']);
    expect(figures.scoreClauses('all', '', 2)).toEqual(['score:2']);
  });
});

describe('two models', () => {
  const counts = Array.from({ length: 10 }, none);
  counts[8]![2] = 4;
  counts[2]![8] = 1;
  counts[7]![7] = 2;
  const pairs: Pairs = { records: 7, counts };

  it('are told apart by who is rated higher', () => {
    const { reading, data } = figures.pairs(pairs, 'A', 'B', '');
    expect(reading).toBe(
      'Of 7 records with stars for both, A is rated higher in 4, B in 1; 2 are equal.',
    );
    expect(data.rows).toHaveLength(3);
    expect(led(data.rows.at(-1)![2]!.href).q).toBe('rated:A=9 rated:B=3');
  });
});

describe('time', () => {
  it('is told by day, with the busiest', () => {
    const lines = figures.paceLines(stats.pace, '');
    expect(lines.map(({ label }) => label)).toEqual(['Everyone', 'ada', 'bot']);
    const { reading, data } = figures.pace(stats.pace, lines);
    expect(reading).toBe('7 stars in all; the busiest day was Mar 3 with 5.');
    expect(data.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['Mar 1', '2', '2', '0'],
      ['Mar 3', '5', '2', '3'],
    ]);
    const ofAda = { q: 'by:ada starred:2026-03-03', sort: '-starred_at' };
    expect(led(lines[1]!.href(2))).toMatchObject(ofAda);
    expect(led(data.rows[1]![2]!.href)).toMatchObject(ofAda);
    expect(led(data.rows[0]![1]!.href).q).toBe('starred:2026-03-01');
  });

  it('leads to just the stars of a piece of it', () => {
    const monday = '2026-03-02T00:00:00Z';
    expect(given(monday, 'minute', 1)).toBe('starred:2026-03-02T00:01:00Z..2026-03-02T00:01:59Z');
    expect(given(monday, 'hour', 25)).toBe('starred:2026-03-03T01:00:00Z..2026-03-03T01:59:59Z');
    expect(given(monday, 'week', 1)).toBe('starred:2026-03-09..2026-03-15');
    // Whatever is older counts in the first week.
    expect(given(monday, 'week', 0)).toBe('starred:..2026-03-08');
  });

  it('is not told of stars without one', () => {
    expect(figures.paceLines(undefined, '')).toEqual([]);
    expect(figures.pace(undefined, [])).toMatchObject({ reading: '', data: { rows: [] } });
  });

  it('says which tag is used most, and which of late', () => {
    const { reading } = figures.tags(stats.pace, figures.tagLines(stats, ''));
    expect(reading).toBe('The tag used most is =cmd() with 2 stars; most used of late: late.');
  });
});

describe('a CSV file', () => {
  it('holds plain numbers and runs nothing', () => {
    const { data } = figures.tags(stats.pace, figures.tagLines(stats, ''));
    expect(csv(data)).toBe(
      "From,'=cmd(),late\r\n2026-03-01T00:00:00.000Z,2,0\r\n2026-03-03T00:00:00.000Z,0,1\r\n",
    );
    const rows = [[{ text: 'a "b", c' }, { text: '1,234', value: 1234 }]];
    expect(csv({ columns: ['x', '@y'], rows })).toBe('x,\'@y\r\n"a ""b"", c",1234\r\n');
  });
});
