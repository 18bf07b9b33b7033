// What the agreement page says: names, and of each figure one sentence that reads it.
import { number, percent, signed, some, two } from './numbers';

const half = (n: number) => (Math.round(n * 10) / 10).toFixed(1);

export const agreement = {
  title: 'Agreement',
  of: (n: number) => `of the reviewers of ${some(n, 'record')}`,
  ofQuery: (n: number) => `of the reviewers of the ${some(n, 'record')} that answer`,
  loading: 'Computing…',
  failed: 'The agreement could not be computed.',
  noneShared: 'No output was judged by two reviewers yet',
  noneSharedHint:
    'Agreement is about outputs that several people starred. Let another reviewer score some of the same ones.',
  two,
  signed,
  from: (low: number, high: number) => `${two(low)} to ${two(high)}`,
  undefined: 'n/a',

  alpha: {
    title: 'Krippendorff’s alpha',
    label: (value: string, interval: string) =>
      `Krippendorff’s alpha ${value}${interval && `, ${interval} with 95% confidence`}`,
    sure: 'with 95% confidence',
    meanings: {
      good: 'Reliable: the scores mean much the same whoever gave them.',
      tentative:
        'Good enough for tentative conclusions: have several reviewers score what matters.',
      poor: 'Too low to rely on single scores: agree on what a score stands for, and use the consensus.',
      none: 'Undefined: only one score was ever given, so that nothing can be told from chance.',
    },
    about: (shared: number, outputs: number) =>
      `${some(shared, 'output')} of ${number(outputs)} with a star ${shared === 1 ? 'was' : 'were'} judged by two or more.`,
    biased:
      'Scores agree in order more than in height: the reviewers differ in how harsh they are, which the consensus takes out.',
    names: {
      ordinal: 'alpha, ordinal',
      interval: 'alpha, interval',
      ratio: 'alpha, ratio',
      nominal: 'alpha, nominal',
      fleiss: 'Fleiss’ kappa',
      icc_2_1: 'ICC(2,1), one score',
      icc_3_1: 'ICC(3,1), without bias',
      icc_2_k: 'ICC(2,k), mean of all',
    },
    ofTable: (n: number, k: number) => `ICC: ${some(n, 'output')} judged by the same ${number(k)}`,
  },

  reviewers: {
    title: 'Reviewers',
    reading: (named: string[]) =>
      named.length === 0
        ? 'Nobody stands out. A dot is how much higher or lower one scores than the median reviewer on the same outputs; its line holds the truth with 95% confidence.'
        : `${named.join('; ')}. A dot is how much higher or lower one scores than the median reviewer on the same outputs; its line holds the truth with 95% confidence.`,
    flags: { harsh: 'harsh', lenient: 'lenient', noisy: 'noisy' },
    named: (who: string, flags: string[]) => `${who} is ${flags.join(' and ')}`,
    agent: (who: string) => `${who} (agent)`,
    mark: (who: string, bias: string, noise: string, n: number, flags: string[]) =>
      `${who}: bias ${bias}, noise ${noise}, ${some(n, 'output')}${flags.length > 0 ? `; ${flags.join(', ')}` : ''}.`,
    noise: (n: string) => `noise ${n}`,
    harsher: '← harsher',
    milder: 'more lenient →',
    columns: [
      'Reviewer',
      'Outputs',
      'Shared',
      'Bias',
      'from',
      'to',
      'Noise',
      'from',
      'to',
      'Remarkable',
    ],
  },

  pairs: {
    title: 'Pairs of reviewers',
    reading: (a: string, b: string, best: number, c: string, d: string, worst: number) =>
      `Cohen’s kappa with quadratic weights: 1 is the same order and height, 0 is chance. Closest: ${a} and ${b} with ${two(best)}; farthest: ${c} and ${d} with ${two(worst)}.`,
    readingOne: (a: string, b: string, kappa: number) =>
      `Cohen’s kappa with quadratic weights, 1 being the same and 0 chance: ${a} and ${b} have ${two(kappa)}.`,
    none: 'No pair of reviewers has a kappa yet.',
    mark: (a: string, b: string, kappa: string, n: number, exact: number, near: number) =>
      `${a} and ${b}: kappa ${kappa} on ${some(n, 'output')}; ${percent(exact, 1)} equal, ${percent(near, 1)} within one.`,
    more: (n: number, all: number) =>
      `Drawn are the ${number(n)} of ${some(all, 'reviewer')} who share most; the table has all pairs.`,
    columns: [
      'A',
      'B',
      'Outputs',
      'Quadratic kappa',
      'from',
      'to',
      'Linear kappa',
      'Kappa',
      'Equal',
      'Within one',
      'A less B',
    ],
  },

  spread: {
    title: 'How far apart',
    reading: (same: number, near: number, disputed: number, all: number) =>
      `Of ${some(all, 'output')} judged by several, ${percent(same, all)} have equal scores and ${percent(near, all)} scores at most one apart; ${number(disputed)} ${disputed === 1 ? 'is' : 'are'} disputed.`,
    mark: (apart: number, n: number) => `${some(n, 'output')} with scores ${apart} apart.`,
    axis: 'highest less lowest score',
    columns: ['Apart', 'Outputs'],
  },

  queue: {
    title: 'Disputed outputs',
    none: 'No output is disputed.',
    reading: (n: number, method: string) =>
      `${some(n, 'output')} with scores whose standard deviation is 2 or more, or whose range is 4 or more; the farthest apart first. The last column is ${method}.`,
    all: 'Settle them in the table',
    output: 'Output',
    wholeRecord: 'the record',
    scores: 'Scores',
    apart: 'Deviation',
    consensus: 'Consensus',
    open: (id: string, model: string) => `Open ${id}${model && `, ${model}`}`,
    more: (n: number) => `and ${number(n)} more`,
    methods: {
      mean: 'their mean',
      median: 'their median',
      trimmed: 'their trimmed mean',
      normed: 'the mean of scores brought to one scale',
      gaussian:
        'what is left of them without each reviewer’s bias, those with less noise counting more',
    },
  },

  /** In the table's score column. */
  apart: (deviation: number) => `±${half(deviation)}`,
  apartHint: (range: number) =>
    `The reviewers of one of its outputs are ${range === 1 ? '1 point' : `${number(range)} points`} apart`,
};
