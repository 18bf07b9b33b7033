// What the charts page says: names, and of each chart one sentence that reads it.
import { number, percent, some } from './numbers';

/** A score's mean, with one digit behind the point. */
const mean = (n: number) => (Math.round(n * 10) / 10).toFixed(1);

function time(hours: number): string {
  const minutes = Math.max(1, Math.round(hours * 60));
  if (minutes < 60) return some(minutes, 'minute');
  if (hours < 10) {
    const rest = minutes % 60;
    const whole = some(Math.floor(minutes / 60), 'hour');
    return rest > 0 ? `${whole} ${some(rest, 'minute')}` : whole;
  }
  return some(Math.round(hours), 'hour');
}

export const charts = {
  title: 'Charts',
  of: (n: number) => `of ${some(n, 'record')}`,
  ofQuery: (n: number) => `of the ${some(n, 'record')} that answer`,
  back: 'Back to the table',
  loading: 'Counting…',
  failed: 'The charts could not be counted.',
  retry: 'Retry',
  table: 'Table',
  tableHint: (title: string) => `Show “${title}” as a table`,
  save: (title: string, kind: string) => `Save “${title}” as ${kind}`,
  saved: (file: string) => `${file} was saved.`,
  saveFailed: 'The browser did not allow the picture to be made. SVG works still.',
  show: 'Show the records.',
  keys: 'Arrow keys move from mark to mark, Enter shows its records.',

  noStars: 'No stars among these records yet',
  noStarsHint: 'Score a few outputs in the table: a digit from 1 to 9, or 0 for ten.',
  noMatch: 'No record answers the query',
  noMatchHint: 'Clear it to see the charts of all records.',
  clear: 'Clear the query',
  noTimes: 'No star has a time that can be read.',
  noTags: 'No star has a tag yet. Open the star dialog with S and add one.',
  oneModel: 'Two models are needed for this, and there is one.',
  noPairs: 'No record has stars for both models yet. Star the outputs of both to compare them.',

  progress: {
    title: 'Progress',
    reviewed: 'reviewed',
    open: 'unreviewed',
    mark: (what: string, n: number, of: number) =>
      `${some(n, 'record')} ${what}, ${percent(n, of)} of ${number(of)}.`,
    reading: (done: number, all: number, left?: { perHour: number; hours: number }) => {
      const first = `${number(done)} of ${some(all, 'record')} ${done === 1 ? 'is' : 'are'} reviewed`;
      if (done === all) return `${first}: nothing is left.`;
      if (!left) return `${first}; more stars are needed to say how long the rest takes.`;
      return `${first}; the rest takes about ${time(left.hours)} of reviewing, at ${number(Math.round(left.perHour))} an hour.`;
    },
    columns: ['State', 'Records', 'Share'],
  },

  scores: {
    title: 'Scores',
    by: 'Split by',
    splits: { all: 'All', models: 'Model', reviewers: 'Reviewer', tags: 'Tag' },
    all: 'All stars',
    mark: (who: string, score: number, n: number) =>
      `${who}: ${some(n, 'star')} of score ${score}.`,
    summary: (n: number, m: number) => `${number(n)} · mean ${mean(m)}`,
    reading: (n: number, m: number, high: number) =>
      `${some(n, 'star')} with a mean of ${mean(m)}; ${percent(high, n)} of them ${high === 1 ? 'is' : 'are'} 8 or better.`,
    readingSplit: (best: string, high: number, worst: string, low: number) =>
      `Highest mean: ${best} with ${mean(high)}; lowest: ${worst} with ${mean(low)}. Height is the share of each one’s stars.`,
    readingOne: (who: string, m: number, n: number) =>
      `${who}: ${some(n, 'star')} with a mean of ${mean(m)}.`,
    agent: (name: string) => `${name} (agent)`,
    columns: { who: 'Of', total: 'Stars', mean: 'Mean' },
    mean,
  },

  pairs: {
    title: 'Model against model',
    x: 'Across',
    y: 'Upwards',
    swap: 'Swap the two models',
    mark: (x: string, i: number, y: string, j: number, n: number) =>
      `${some(n, 'record')}: ${x} ${i}, ${y} ${j}.`,
    reading: (x: string, more: number, y: string, less: number, same: number) => {
      const all = more + less + same;
      return `Of ${some(all, 'record')} with stars for both, ${x} is rated higher in ${number(more)}, ${y} in ${number(less)}; ${number(same)} ${same === 1 ? 'is' : 'are'} equal.`;
    },
    equal: 'equal',
    columns: (x: string, y: string) => [x, y, 'Records'],
  },

  pace: {
    title: 'Pace',
    all: 'Everyone',
    mark: (who: string, when: string, n: number) => `${who}, ${when}: ${some(n, 'star')}.`,
    reading: (n: number, bucket: string, when: string, most: number) =>
      `${some(n, 'star')} in all; the busiest ${bucket} was ${when} with ${number(most)}.`,
    buckets: { minute: 'minute', hour: 'hour', day: 'day', week: 'week' },
    columns: { when: 'From' },
  },

  shares: {
    title: 'Assignments',
    of: (name: string, assignment: string) => `${name} · ${assignment}`,
    summary: (done: number, left: number, cannot: number) =>
      `${number(done)} done · ${number(left)} left${cannot > 0 ? ` · ${number(cannot)} cannot be done` : ''}`,
    done: (who: string, n: number) => `${who}: ${some(n, 'record')} done.`,
    left: (who: string, n: number) => `${who}: ${some(n, 'record')} left.`,
    reading: (name: string, complete: boolean, full: number, all: number, overlap: number) => {
      const by = { 1: 'its reviewer', 2: 'both of their reviewers' }[overlap];
      const rest = `${number(full)} of ${some(all, 'record')} are starred by ${by ?? `all ${overlap} of their reviewers`}.`;
      return `${name}: ${complete ? 'complete; ' : ''}${rest}`;
    },
    columns: ['Reviewer', 'Assigned', 'Done', 'Left', 'Cannot be done'],
  },

  tags: {
    title: 'Tags over time',
    reading: (tag: string, n: number, latest?: string) =>
      `The tag used most is ${tag} with ${some(n, 'star')}${latest && latest !== tag ? `; most used of late: ${latest}` : ''}.`,
  },
};
