// What the agreement page says of tags, and of agents beside people.
import { number, signed, some } from './numbers';

export const tagging = {
  tags: {
    title: 'Tags',
    none: (shared: number) =>
      `No tag on the ${some(shared, 'output')} judged by several can be compared: each is on all of them or on none.`,
    readingOne: (tag: string, alpha: string, shared: number) =>
      `On ${some(shared, 'output')} judged by several, reviewers agree about “${tag}” with an alpha of ${alpha}: 1 is always, 0 is chance.`,
    reading: (best: string, alpha: string, worst: string, least: string, shared: number) =>
      `On ${some(shared, 'output')} judged by several, reviewers agree most about “${best}” (alpha ${alpha}) and least about “${worst}” (${least}): 1 is always, 0 is chance.`,
    mark: (tag: string, alpha: string, n: number) =>
      `${tag}: alpha ${alpha}, given to ${some(n, 'output')} by somebody.`,
    note: (n: number) => some(n, 'output'),
    columns: [
      'Tag',
      'Outputs',
      'By majority',
      'By the model',
      'Nominal alpha',
      'from',
      'to',
    ] as string[],
    of: (who: string) => [`${who} gives it to those with it`, `and spares those without`],
  },
  agents: {
    title: 'Agents and people',
    scores: (agent: string) => `${agent}: scores`,
    ofScores: '(scores)',
    reading: (
      agent: string,
      suggested: number,
      accepted: number,
      shared: number,
      kappa: string,
      difference: number,
    ) =>
      shared === 0
        ? `${agent} suggested ${number(suggested)}, of which ${number(accepted)} were accepted; people judged none of them by themselves.`
        : `${agent} suggested ${number(suggested)}, of which ${number(accepted)} were accepted; on ${some(shared, 'output')} that people judged by themselves its scores are ${signed(difference)} beside theirs, with a quadratic kappa of ${kappa}.`,
    mark: (agent: string, kappa: string, n: number) =>
      `${agent}: quadratic kappa ${kappa} of its scores with those of people on ${some(n, 'output')}.`,
    tagMark: (agent: string, tag: string, kappa: string, both: number, a: number, p: number) =>
      `${tag}: kappa ${kappa}; given by both ${number(both)}, only by ${agent} ${number(a)}, only by people ${number(p)}.`,
    note: (both: number) => `both ${number(both)}`,
    columns: ['Agent', 'Tag', 'Both', 'Only agent', 'Only people', 'Kappa', 'from', 'to'],
  },
};
