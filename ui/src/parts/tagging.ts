// Of the figures about tags and agents what they say besides their dots: their sentence, their table, where they lead.
import type { AgentAgreement, Measured, TagAgreement, Tagging } from '../api/types';
import { written } from '../state/clauses';
import { words } from '../words/en';
import type { DotRow } from './agreeing';
import type { Cell } from './chart';
import { type Figure, leadTo } from './figures';
import { count, plain, told } from './measured';

const say = words.tagging;
const { two } = words.agreement;

/** So many have room. */
export const DRAWN_MAX = 12;
/** So many reviewers have columns of their own in the table. */
const REVIEWERS_MAX = 12;

const measured = ({ value, low, high }: Measured): Cell[] => [value, low, high].map(plain);

const leadToTag = (q: string, tag: string) => leadTo(q, [written('tag', tag)]);
const leadToAgent = (q: string, agent: string, tag?: string) =>
  leadTo(q, [
    'is:suggested',
    written('by', agent),
    ...(tag === undefined ? [] : [written('tag', tag)]),
  ]);

const dot = (row: Omit<DotRow, 'value' | 'low' | 'high'>, { value, low, high }: Measured) =>
  value === undefined ? [] : [{ ...row, value, low, high }];

/** Each tag's alpha as a dot, those on most outputs first. */
export const tagDots = ({ tags }: Tagging, q: string): DotRow[] =>
  tags
    .flatMap(({ value, outputs, alpha }) =>
      dot(
        {
          key: value,
          name: value,
          note: (short) => (short ? two(alpha.value!) : say.tags.note(outputs)),
          mark: say.tags.mark(value, told(alpha), outputs),
          href: leadToTag(q, value),
        },
        alpha,
      ),
    )
    .slice(0, DRAWN_MAX);

export function tags({ tags, shared }: Tagging, q: string): Figure {
  const who = tags[0]?.reviewers.slice(0, REVIEWERS_MAX).map(({ value }) => value) ?? [];
  const row = ({ value, outputs, by_majority, by_model, alpha, reviewers }: TagAgreement) => [
    { text: value, href: leadToTag(q, value) },
    count(outputs),
    count(by_majority),
    count(by_model),
    ...measured(alpha),
    ...reviewers
      .slice(0, REVIEWERS_MAX)
      .flatMap(({ sensitivity, specificity }) => [plain(sensitivity), plain(specificity)]),
  ];
  return {
    reading: readTags(tags, shared),
    data: {
      columns: [...say.tags.columns, ...who.flatMap((name) => say.tags.of(name))],
      rows: tags.map(row),
    },
  };
}

function readTags(tags: TagAgreement[], shared: number): string {
  const known = tags
    .filter(({ alpha }) => alpha.value !== undefined)
    .toSorted((a, b) => b.alpha.value! - a.alpha.value!);
  const [best, worst] = [known[0], known.at(-1)];
  if (!best || !worst) return say.tags.none(shared);
  const of = ({ value, alpha }: TagAgreement) => [value, two(alpha.value!)] as const;
  return best === worst
    ? say.tags.readingOne(...of(best), shared)
    : say.tags.reading(...of(best), ...of(worst), shared);
}

/** Each agent's scores, and then its tags, as dots. */
export const agentDots = ({ agents }: Tagging, q: string): DotRow[] =>
  agents
    .flatMap(({ value, shared, quadratic, tags }) => [
      ...dot(
        {
          key: value,
          name: say.agents.scores(value),
          note: (short) => (short ? told(quadratic) : say.tags.note(shared)),
          mark: say.agents.mark(value, told(quadratic), shared),
          href: leadToAgent(q, value),
        },
        quadratic,
      ),
      ...tags.flatMap((tag) =>
        dot(
          {
            key: `${value} ${tag.value}`,
            name: tag.value,
            note: (short) => (short ? told(tag.kappa) : say.agents.note(tag.both)),
            mark: say.agents.tagMark(
              value,
              tag.value,
              told(tag.kappa),
              tag.both,
              tag.agent,
              tag.people,
            ),
            href: leadToAgent(q, value, tag.value),
          },
          tag.kappa,
        ),
      ),
    ])
    .slice(0, DRAWN_MAX);

export function agents({ agents }: Tagging, q: string): Figure {
  const rows = agents.flatMap((agent): Cell[][] => [
    [
      { text: agent.value, href: leadToAgent(q, agent.value) },
      { text: say.agents.ofScores },
      count(agent.shared),
      { text: '' },
      { text: '' },
      ...measured(agent.quadratic),
    ],
    ...agent.tags.map((tag): Cell[] => [
      { text: agent.value, href: leadToAgent(q, agent.value) },
      { text: tag.value, href: leadToAgent(q, agent.value, tag.value) },
      count(tag.both),
      count(tag.agent),
      count(tag.people),
      ...measured(tag.kappa),
    ]),
  ]);
  return {
    reading: agents.map(readAgent).join(' '),
    data: { columns: say.agents.columns, rows },
  };
}

const readAgent = ({ value, suggested, accepted, shared, quadratic, difference }: AgentAgreement) =>
  say.agents.reading(value, suggested, accepted, shared, told(quadratic), difference.value ?? 0);

/** A figure with its dots. */
export interface Dotted extends Figure {
  rows: DotRow[];
}

export const dottedTags = (found: Tagging, q: string): Dotted => ({
  ...tags(found, q),
  rows: tagDots(found, q),
});

export const dottedAgents = (found: Tagging, q: string): Dotted => ({
  ...agents(found, q),
  rows: agentDots(found, q),
});

/** Kappa and alpha end at 1, and begin where the lowest interval does. */
export function scaleOf(rows: DotRow[]) {
  const least = Math.min(0, ...rows.map(({ value, low }) => low ?? value));
  const from = Math.max(-1, Math.floor(least * 2) / 2);
  const ticks = [...(from < 0 ? [from] : []), 0, 0.5, 1];
  return { from, to: 1, ticks: ticks.map((at) => ({ at, text: String(at).replace('-', '−') })) };
}
