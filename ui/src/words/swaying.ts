// What the agreement page says of what sways scores, and of scores that were given twice.
import { some } from './numbers';

const named = (names: string[]) => names.join(', ');

export const swaying = {
  all: 'everyone',
  place: {
    title: 'First column',
    reading: (names: string[], all: string) =>
      `${names.length === 0 ? 'Nobody’s scores depend on the column for certain' : `The scores of ${named(names)} depend on the column`}. A dot is how much higher outputs in the first column score than those in the others, ${all} for everyone; its line holds the truth with 95% confidence. Only stars count that were given without names of models, in shuffled columns.`,
    less: '← first column lower',
    more: 'first column higher →',
    mark: (who: string, value: string, n: number) => `${who}: ${value} points, ${some(n, 'star')}.`,
    columns: ['Reviewer', 'Stars', 'First less others', 'from', 'to', 'Mean by column'],
  },
  length: {
    title: 'Length',
    reading: (longer: string[], shorter: string[], all: string) =>
      [
        longer.length > 0 && `${named(longer)} score longer outputs higher.`,
        shorter.length > 0 && `${named(shorter)} score longer outputs lower.`,
        longer.length + shorter.length === 0 && 'Nobody’s scores go with length for certain.',
        `A dot is the correlation of ranks of score and length among the outputs of one record, ${all} for everyone: 1 means that the longer one always scores higher. That is a bias only where longer is no better.`,
      ]
        .filter(Boolean)
        .join(' '),
    less: '← shorter is better',
    more: 'longer is better →',
    mark: (who: string, value: string, n: number) => `${who}: ${value} on ${some(n, 'star')}.`,
    columns: ['Reviewer', 'Stars', 'Correlation', 'from', 'to', 'Points per 1,000 characters'],
  },
  own: {
    title: 'Your own scores again',
    about:
      'Outputs that came before their reviewer once more, with the first score hidden: how far one agrees with oneself.',
    columns: ['Reviewer', 'Outputs', 'Quadratic kappa', 'Equal', 'Within one', 'Drift'],
  },
};
