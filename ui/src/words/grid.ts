// The words of the facet rail, the search box, the columns, the selection and acts on many records.
import { number, short, some } from './numbers';

export const rail = {
  title: 'Filters',
  show: 'Show filters',
  hide: 'Hide filters',
  scores: 'Score',
  groups: {
    is: 'State',
    model: 'Models',
    tag: 'Tags',
    by: 'Reviewers',
    finish: 'Finish reason',
    mine: 'Mine',
  },
  states: {
    unreviewed: 'Unreviewed',
    starred: 'Starred',
    suggested: 'Suggested',
    disputed: 'Disputed',
    stale: 'Stale',
    error: 'Errors',
    empty: 'Empty answers',
  } as Record<string, string>,
  mine: {
    assigned: 'Assigned to me',
    todo: 'To do',
  } as Record<string, string>,
  short,
  value: (value: string, n: number) => `${value}, ${some(n, 'record')}`,
  exclude: (value: string) => `Leave out ${value}`,
  excluded: (value: string) => `${value}, left out`,
  excludeHint: 'Alt and click, or the minus key, leaves it out',
  more: (n: number) => `${number(n)} more`,
  fewer: 'Fewer',
  scoreBar: (score: number, n: number) => `Score ${score}: ${some(n, 'record')}`,
  bar: (from: number, to: number | undefined, what: string, n: number) =>
    `${number(from)}${to === undefined ? ' or more' : ` to ${number(to)}`} ${what}: ${some(n, 'output')}`,
  barsHint: 'Drag, or hold Shift, for several',
  clearRange: 'Any score',
  done: (n: number) => `Show ${some(n, 'record')}`,
  none: 'Nothing to filter by yet.',
};

export const clauses = {
  label: 'What is asked for',
  remove: (clause: string) => `Remove ${clause}`,
  clear: 'Clear all',
};

export const completion = {
  label: 'Completions',
  fields: {
    model: 'an output’s model',
    score: '8..10, 9, >7',
    tag: 'a star’s tag',
    by: 'who starred',
    of: 'the model that a star is for',
    starred: 'when: 2026-03-01, 2026-03-01..2026-03-07',
    is: 'unreviewed, starred, error …',
    assigned: 'assigned to whom: me, or a name',
    todo: 'assigned to whom, and not yet starred by them',
    finish: 'why the answer ended',
    tokens: '>500, ..200',
    chars: '>2000, ..400',
    name: 'part of the name',
    id: 'part of the id',
    file: 'part of the batch’s path',
    rated: 'a model’s mean score: rated:NAME=8..10',
  } as Record<string, string>,
  days: {
    today: 'today',
    yesterday: 'yesterday',
    week: 'the last seven days',
    month: 'the last thirty days',
  },
  states: {
    starred: 'with a star',
    unreviewed: 'without a star',
    suggested: 'an agent suggests a star',
    disputed: 'reviewers of an output are far apart',
    stale: 'the starred text has changed',
    error: 'an output is an error',
    empty: 'an output is empty',
  } as Record<string, string>,
};

export const columns = {
  open: 'Columns',
  title: 'Columns',
  number: 'Number',
  menu: (name: string) => `Column ${name}`,
  menuOf: (name: string) => `Menu of column ${name}`,
  sort: 'Sort',
  sorts: {
    name: 'by name',
    score: 'by score',
    stars: 'by stars',
    spread: 'by how far models are apart',
    disagreement: 'by how far reviewers are apart',
  } as Record<string, string>,
  byChars: 'by characters',
  byTokens: 'by tokens',
  up: (by: string) => `Sort ${by}, smallest first`,
  down: (by: string) => `Sort ${by}, greatest first`,
  original: 'Original order',
  pin: 'Keep in sight',
  unpin: 'Let it scroll',
  hide: 'Hide column',
  left: 'Move left',
  right: 'Move right',
  width: 'Width',
  narrower: 'Narrower',
  wider: 'Wider',
  natural: 'Natural width',
  reset: 'All as they come',
  shown: (name: string) => `Show ${name}`,
  pinned: (name: string) => `Keep ${name} in sight`,
  earlier: (name: string) => `Move ${name} up`,
  later: (name: string) => `Move ${name} down`,
  lengths: { chars: 'Characters', tokens: 'Tokens' },
};

export const selection = {
  count: (n: number) => `${number(n)} selected`,
  all: (n: number) => `Select all ${number(n)}`,
  none: 'Clear',
  spoken: (n: number) => `${some(n, 'record')} selected`,
  gone: 'The rows have changed, so nothing is selected any more.',
  row: (n: number) => `Select row ${number(n)}`,
};

export const link = {
  copy: 'Copy link to this record',
  copied: (name: string) => `Link to ${name} copied`,
  notCopied: 'The browser did not allow copying; the link is in the address bar.',
  notInView: (id: string) => `${id} is not among the records that the link asks for.`,
  alone: 'Show it alone',
};

const outputs = (n: number) => some(n, 'output');
const stars = (n: number) => some(n, 'star');
const list = (tags: string[]) => tags.map((tag) => `“${tag}”`).join(', ');

export const bulk = {
  label: 'What is selected',
  acts: { star: 'Star', tag: 'Tag', untag: 'Untag', unstar: 'Unstar' },
  titles: {
    star: 'Star many outputs',
    tag: 'Tag many stars',
    untag: 'Take tags off many stars',
    unstar: 'Take many stars back',
  },
  noneToTag: 'Select records first, by X or Space: T tags their stars.',
  counting: 'counting…',
  will: {
    star: (n: number, of: number) => `${outputs(n)} of ${some(of, 'record')} will be starred.`,
    tag: (n: number, of: number) => `${stars(n)} of yours on ${some(of, 'record')} will be tagged.`,
    untag: (n: number, of: number) =>
      `Tags will be taken off ${stars(n)} of yours on ${some(of, 'record')}.`,
    unstar: (n: number, of: number) =>
      `${stars(n)} of yours on ${some(of, 'record')} will be taken back.`,
  },
  replaces: (n: number) => `${stars(n)} of yours among them will be replaced.`,
  leftOut: (n: number, reason: string) => `${number(n)} left out: ${reason}.`,
  nothing: 'There is nothing to do.',
  sample: 'The first of them',
  model: 'Outputs of',
  anyModel: 'all models',
  go: {
    star: (n: number) => `★ Star ${outputs(n)}`,
    tag: (n: number) => `Tag ${stars(n)}`,
    untag: (n: number) => `Untag ${stars(n)}`,
    unstar: (n: number) => `Take ${stars(n)} back`,
  },
  chooseTags: 'Add a tag first.',
  changed: 'Nothing was written. It is another number by now: look at it and press again.',
  refused: 'Nothing was written:',
  states: {
    reading: 'Reading…',
    writing: 'Writing…',
    done: 'Done',
    cancelled: 'Cancelled',
    failed: 'Failed',
  },
  progress: (done: number, total: number) => `${number(done)} of ${number(total)}`,
  cancel: 'Cancel the act',
  cancelling: 'Cancelling…',
  done: {
    star: (n: number, score: number) => `★ ${score}/10 for ${outputs(n)}`,
    tag: (n: number, _score: number, tags: string[]) => `${stars(n)} tagged ${list(tags)}`,
    untag: (n: number, _score: number, tags: string[]) => `${list(tags)} taken off ${stars(n)}`,
    unstar: (n: number) => `${stars(n)} taken back`,
  },
  undone: (what: string) => `Undone: ${what}`,
  undoFailed: (why: string) => `It was not undone: ${why}`,
};
