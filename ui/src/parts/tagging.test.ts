// What the figures about tags and agents say, and where their dots lead.
import { expect, it } from 'vitest';
import type { AgentAgreement, TagAgreement, Tagging } from '../api/types';
import { agentDots, agents, DRAWN_MAX, scaleOf, tagDots, tags } from './tagging';

const tag = (value: string, alpha?: number): TagAgreement => ({
  value,
  outputs: 5,
  by_majority: 3,
  by_model: 4,
  alpha: alpha === undefined ? {} : { value: alpha, low: alpha - 0.7, high: 1 },
  reviewers: [{ value: 'ada', outputs: 8, given: 4, sensitivity: 0.75 }],
});

const found = (more: Partial<Tagging>): Tagging => ({
  records: 9,
  shared: 8,
  tags: [],
  agents: [],
  ...more,
});
const query = (href: string | undefined) => new URLSearchParams(href?.slice(1)).get('q');

it('names the tag that is agreed about most, and the one that is least', () => {
  const all = found({ tags: [tag('clear', 0.25), tag('all'), tag('two words', 0.9)] });
  const { reading, data } = tags(all, 'file:a');
  expect(reading).toContain('8 outputs judged by several');
  expect(reading).toContain('most about “two words” (alpha 0.90) and least about “clear” (0.25)');
  expect(data.columns).toHaveLength(9);
  expect(data.rows[0]!.map(({ text }) => text)).toEqual([
    'clear',
    '5',
    '3',
    '4',
    '0.25',
    '−0.45',
    '1.00',
    '0.75',
    'n/a',
  ]);
  const dots = tagDots(all, 'file:a');
  expect(dots.map(({ name }) => name)).toEqual(['clear', 'two words']);
  expect(query(dots[1]!.href)).toBe('file:a tag:"two words"');
  expect(scaleOf(dots).from).toBe(-0.5);
  expect(tags(found({ tags: [tag('all')] }), '').reading).toMatch(/^No tag/);
});

it('draws as many tags as there is room for', () => {
  const many = Array.from({ length: DRAWN_MAX + 1 }, (_, i) => tag(`t${i}`, 0.5));
  expect(tagDots(found({ tags: many }), '')).toHaveLength(DRAWN_MAX);
  expect(tags(found({ tags: many }), '').data.rows).toHaveLength(DRAWN_MAX + 1);
});

it('says how an agent scores beside people, and tag by tag', () => {
  const bot: AgentAgreement = {
    value: 'bot',
    suggested: 100,
    accepted: 7,
    shared: 40,
    quadratic: { value: 0.61 },
    exact: {},
    within_one: {},
    difference: { value: -0.5 },
    tags: [{ value: 'clear', both: 3, agent: 2, people: 1, kappa: { value: 0.4 } }],
  };
  const all = found({ agents: [bot] });
  const { reading, data } = agents(all, '');
  expect(reading).toContain('bot suggested 100, of which 7 were accepted; on 40 outputs');
  expect(reading).toContain('scores are −0.50 beside theirs, with a quadratic kappa of 0.61');
  expect(data.rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['bot', '(scores)', '40', '', '', '0.61', 'n/a', 'n/a'],
    ['bot', 'clear', '3', '2', '1', '0.40', 'n/a', 'n/a'],
  ]);
  const dots = agentDots(all, '');
  expect(dots.map(({ name }) => name)).toEqual(['bot: scores', 'clear']);
  expect(query(dots[1]!.href)).toBe('is:suggested by:bot tag:clear');
});
