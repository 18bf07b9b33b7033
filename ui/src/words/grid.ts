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
  },
  states: {
    unreviewed: 'Unreviewed',
    starred: 'Starred',
    disputed: 'Disputed',
    stale: 'Stale',
    error: 'Errors',
    empty: 'Empty answers',
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
    is: 'unreviewed, starred, error …',
    finish: 'why the answer ended',
    tokens: '>500, ..200',
    chars: '>2000, ..400',
    name: 'part of the name',
    id: 'part of the id',
    file: 'part of the batch’s path',
    rated: 'a model’s mean score: rated:NAME=8..10',
  } as Record<string, string>,
  states: {
    starred: 'with a star',
    unreviewed: 'without a star',
    disputed: 'reviewers differ by 3 or more',
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
  ofAll: 'of all models’ outputs',
};

export const selection = {
  label: 'What is selected',
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
