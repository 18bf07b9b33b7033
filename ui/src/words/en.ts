// Every word the page says, in one place.
import type { Action } from '../state/keys';
import { agreement } from './agreement';
import { blind } from './blind';
import { charts } from './charts';
import { bulk, clauses, columns, completion, link, rail, selection } from './grid';
import { identity } from './identity';
import { changing } from './keys';
import { number, some } from './numbers';
import { palette } from './palette';
import { reviewing } from './reviewing';
import { settings } from './settings';
import { suggesting } from './suggesting';
import { swaying } from './swaying';
import { tagging } from './tagging';
import { together } from './together';

const megabytes = (n: number) => `${number(Math.ceil(n / 1e6))} MB`;
const score = (n: number) => `${Math.round(n * 10) / 10}/10`;

const outputStates: Record<string, string> = {
  error: 'Error',
  empty: 'Empty answer',
  not_text: 'Not text',
};

export const words = {
  name: 'Goldstar',
  number,
  score,
  ...reviewing,
  ...suggesting,
  blind,
  swaying,

  rail,
  clauses,
  completion,
  columns,
  identity,
  selection,
  together,
  bulk,
  link,

  header: {
    search: 'Search',
    searchHint: 'Words, "a phrase", model:… score:8..10 tag:… is:unreviewed',
    clear: 'Clear search',
    indexing: (n: number) => `Indexing · ${some(n, 'record')}`,
    searchIndexName: 'Search index',
    searchIndex: (percent: number, bytes: number) =>
      `Search index · ${percent}% of ${megabytes(bytes)}`,
    blemishes: (n: number) => some(n, 'blemish', 'blemishes'),
    reviewer: 'Reviewing as',
    theme: 'Theme',
    themes: { auto: 'Auto', light: 'Light', dark: 'Dark' },
    keys: 'Keyboard and search',
    charts: 'Charts',
    chartsHint: 'Charts of these records, and back to the table',
  },

  search: {
    scan: 'The texts themselves are looked through, which may take longer.',
    building: (percent: number) =>
      `The search index is not ready (${percent}%): the texts themselves are looked through, which may take longer.`,
    pattern: 'A pattern is looked for in the texts themselves, which may take longer.',
    help: 'In the search box',
    examples: [
      { query: 'strong lead', finds: 'both words, capital or small' },
      { query: '"strong lead"', finds: 'words in a row' },
      { query: 'lead*', finds: 'words that begin so' },
      { query: '"strong lead"*', finds: 'in a row, the last may go on' },
      { query: '/v\\d+/', finds: 'a pattern (regular expression)' },
      { query: '-lead', finds: 'not this word' },
      { query: 'tag:senior', finds: 'a tag; also model, by, is, name, id, file, finish' },
      { query: 'score:8..10', finds: 'numbers; also tokens, chars' },
    ],
  },

  bar: {
    records: (n: number) => some(n, 'record'),
    matching: (n: number, of: number) => `${number(n)} of ${some(of, 'record')}`,
    starred: (n: number) => some(n, 'star'),
    density: 'Row height',
    densities: { compact: 'Compact', comfortable: 'Comfortable', tall: 'Tall' },
    advance: 'Advance',
    advanceHint: 'After scoring by digit, go on to the next record',
    seek: 'To unreviewed',
    seekHint: 'Go on to the next unreviewed record instead of the next row',
    looking: 'Looking for the next unreviewed record…',
    loading: 'This record is still on its way; nothing was scored.',
  },

  table: {
    label: 'Records, one column per model',
    number: '#',
    tags: 'Tags',
    score: 'Score',
    star: 'Star',
    sortNatural: 'Restore the original order',
    sortBy: (name: string) => `Sort by ${name}`,
    sortByLength: (name: string) => `Sort by length of ${name}`,
    sortByStars: 'Sort by the number of stars',
    measures: { chars: 'chars', tokens: 'tokens' },
    sortInstead: (measure: string) => `Sort by ${measure} instead`,
    loading: 'Loading…',
    states: outputStates,
    noOutput: 'No output',
    cut: 'cut off',
    cutHint: 'The answer ended because it reached its length limit',
    more: (n: number) => `1 of ${n}`,
    moreTags: (n: number) => `+${n}`,
    starButton: 'Star',
    starName: (name: string) => `Star ${name}`,
    starredName: (name: string, s: number, by: string) => `${name}: ★ ${s}/10 by ${by}`,
    badge: (s: number, by: string) => `★ ${s}/10 by ${by}`,
    staleBadge: (s: number, by: string) => `★ ${s}/10 by ${by}, on an older text`,
    unsaved: (text: string) => `${text}, not saved yet`,
  },

  dialog: {
    title: 'Star output',
    edit: 'Edit star',
    output: 'Output',
    outputKey: 'M',
    score: 'Score',
    scoreHint: '1–9, 0 = 10',
    tags: 'Tags',
    tagsKey: 'T',
    tagsHint: 'Enter or comma adds a tag',
    tagCount: (tag: string, n: number) => `${tag}, used ${some(n, 'time')}`,
    removeTag: (tag: string) => `Remove tag ${tag}`,
    notes: 'Notes',
    notesKey: 'E',
    notesHint: 'Why this is a good example',
    save: 'Save star',
    saveNext: 'Save, go on',
    saveNextKey: 'Ctrl+Enter',
    cancel: 'Cancel',
    unstar: 'Unstar',
    discard: 'Discard what you typed? Press Esc again to leave, or go on writing.',
    refused: 'The star was not saved:',
    choose: 'Choose a score from 1 to 10 first.',
    choice: (model: string, choice: number) => `${model} · choice ${choice + 1}`,
    tooLong: (n: number) => `Notes may have at most ${some(n, 'byte')}.`,
    suggestions: 'Tags in use',
  },

  inspector: {
    label: 'Record',
    close: 'Close inspector',
    resize: 'Height of the inspector',
    views: { read: 'Read', json: 'JSON', raw: 'Raw' },
    view: 'Show outputs as',
    prompt: 'Prompt',
    noPrompt: 'No prompt was found for this record.',
    noPromptHint: 'Put the request files into batches/input/.',
    tokens: (n: number) => some(n, 'token'),
    promptTokens: (n: number) => `${number(n)} prompt`,
    seconds: (ms: number) => `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`,
    reasoning: 'Reasoning',
    toolCalls: 'Tool calls',
    askedModel: (name: string) => `asked for ${name}`,
    older: (n: number) => some(n, 'older run'),
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'The browser did not allow copying.',
    more: (shown: number, all: number) =>
      `Show more (${number(shown)} of ${number(all)} characters shown)`,
    longText: 'Long text, shown raw in pieces.',
    plainText: 'Shown as plain text: laying out its Markdown would hold up the page.',
    history: 'History',
    noHistory: 'No stars yet.',
    starred: 'starred',
    unstarred: 'took the star back',
    stale: 'stale: the text has changed since',
    staleText: 'The text that was starred',
    record: 'the record',
    agent: 'agent',
    failed: 'The record could not be loaded.',
    loading: 'Loading the record…',
    star: 'Star…',
    editStar: 'Edit…',
    scoreOutput: (model: string) => `Score ${model}`,
    scoreIs: (n: number) => `Score ${n}`,
    emptyText: 'The model answered with nothing.',
  },

  exports: {
    open: 'Export',
    title: 'Export',
    titles: {
      icl: 'ICL examples ≥ 9',
      finetuning: 'Fine-tuning ≥ 8',
      raw: 'All starred',
    },
    hints: {
      icl: 'The best hundred, for in-context learning',
      finetuning: 'Chat messages, ready for training',
      raw: 'Every current star, as the journal has it',
    },
    examples: (n: number) => some(n, 'example'),
    leftOut: (left: Record<string, number>) =>
      Object.entries(left)
        .map(([reason, n]) => `${number(n)} ${reason}`)
        .join(', '),
    leftOutLabel: (text: string) => `Left out: ${text}`,
    counting: 'counting…',
    done: (what: string, n: number) => `${what}: ${some(n, 'example')} on the way.`,
    whole: 'Nothing was left out.',
    agents: (n: number) => `With ${some(n, 'suggestion')} of agents`,
  },

  keys: {
    ...changing,
    title: 'Keyboard and search',
    review: 'Review',
    move: 'Move',
    look: 'Look',
    choose: 'Select',
    go: 'Go to',
    dialog: 'In the star dialog',
    off: 'Single-letter and digit keys',
    offHint: 'Switch them off if you dictate text or press keys by accident.',
    actions: {
      score: 'score the output under the cursor',
      star: 'star with tags and notes',
      accept: 'accept the suggestion (as Enter does on its cell)',
      next: 'next unreviewed record',
      previous: 'previous unreviewed record',
      undo: 'undo my last decision',
      redo: 'redo what was undone',
      diff: 'differences of two outputs',
      reading: 'read, JSON or raw',
      nextPair: 'side by side with the next output',
      previousPair: 'side by side with the previous output',
      find: 'find in the record',
      down: 'next row',
      up: 'previous row',
      left: 'cell to the left',
      right: 'cell to the right',
      firstCell: 'first cell',
      lastCell: 'last cell',
      firstRow: 'first row',
      lastRow: 'last row',
      pageDown: 'page down',
      pageUp: 'page up',
      inspect: 'open or close the inspector',
      search: 'search',
      select: 'select the row, or not',
      extendDown: 'select this row and the next',
      extendUp: 'select this row and the one before',
      selectAll: 'select all rows',
      tag: 'tag what is selected',
      filters: 'to the filters',
      column: 'menu of the column',
      copyLink: 'copy a link to the record',
      palette: 'find any command',
      settings: 'settings',
      keys: 'this list',
      close: 'close what is on top',
      goStarred: 'starred records',
      goAll: 'all records',
      goUnreviewed: 'unreviewed records',
      goAssigned: 'records assigned to me',
      goCharts: 'charts',
      goAgreement: 'agreement of reviewers',
      goExport: 'export',
    },
    dialogKeys: [
      { keys: ['1', '…', '0'], does: 'score, on to tags' },
      { keys: ['M'], does: 'another output' },
      { keys: ['T'], does: 'tags' },
      { keys: ['E'], does: 'notes' },
      { keys: ['Alt', '1', '…', '5'], does: 'add a recent set of tags' },
      { keys: ['Enter'], does: 'save' },
      { keys: ['Ctrl', 'Enter'], does: 'save and go on, from anywhere' },
      { keys: ['Esc'], does: 'leave' },
    ],
    names: {
      ArrowDown: '↓',
      ArrowUp: '↑',
      ArrowLeft: '←',
      ArrowRight: '→',
      PageDown: 'PgDn',
      PageUp: 'PgUp',
      Escape: 'Esc',
    } as Record<string, string>,
    close: 'Close',
  },

  agreement,
  tagging,
  charts,
  palette,
  settings,

  footer: {
    hints: [
      { actions: ['down', 'up'], does: 'move', plain: true },
      { actions: ['score'], does: 'score', plain: false },
      { actions: ['star'], does: 'star', plain: false },
      { actions: ['next'], does: 'next unreviewed', plain: true },
      { actions: ['undo'], does: 'undo', plain: false },
      { actions: ['inspect'], does: 'inspect', plain: true },
      { actions: ['search'], does: 'search', plain: true },
      { actions: ['palette'], does: 'commands', plain: true },
      { actions: ['keys'], does: 'all keys', plain: true },
    ] as { actions: Action[]; does: string; plain: boolean }[],
    scoreAnd: { next: 'score + next', unreviewed: 'score + next unreviewed', stay: 'score' },
    live: 'live',
    connecting: 'connecting…',
    reconnecting: 'reconnecting…',
    readOnly: 'read only',
  },

  blemishes: {
    title: 'Blemishes',
    intro:
      'Lines and files that could not be read. They are kept as they are; everything else works.',
    rest: (n: number) => `and ${number(n)} more`,
    failed: 'The list could not be loaded.',
  },

  empty: {
    noData: 'No records yet',
    noDataHint: 'Goldstar reads batch results from its data folder. Put the files here:',
    results: 'what the models answered',
    requests: 'what they were asked, if you kept it',
    noDataLater: 'They appear here by themselves; nothing needs to be restarted.',
    indexing: 'Reading the batches…',
    noMatch: 'No record matches',
    noMatchClear: 'Clear search',
    loadFailed: 'The records could not be loaded.',
    retry: 'Retry',
  },

  toast: {
    label: 'Messages',
    starred: (n: number, model: string | undefined, name: string) =>
      `★ ${n}/10 · ${[model, name].filter(Boolean).join(' · ')}`,
    unstarred: (model: string | undefined, name: string) =>
      `Star taken back · ${[model, name].filter(Boolean).join(' · ')}`,
    starFailed: (name: string, why: string) => `The star for ${name} was not saved: ${why}`,
    unsaved: (n: number) => `${some(n, 'star')} not saved`,
    unsavedHint: 'kept here and sent by themselves when the server is back.',
    unsavedOnPage: 'sent when the server is back. This browser keeps nothing: leave the page open.',
    retryAll: 'Retry all',
    edit: 'Edit…',
    refusedUndo: (name: string) =>
      `The star for ${name} was not saved, so there is nothing to undo. The next U takes back the star before it.`,
    chooseCell: (model: string) =>
      `No output is chosen: go to the cell of a model, such as ${model}, and score it there.`,
    movedTo: (from: string, to: string) =>
      `${from} has no output to star here. Now at ${to}: press the digit again to star it.`,
    sortDropped: (sort: string) =>
      `The table cannot be sorted by “${sort}”; it is in its original order.`,
    undo: 'Undo',
    retry: 'Retry',
    dismiss: 'Dismiss',
    nothingToUndo: 'Nothing to undo.',
    noUnreviewed: 'No other unreviewed record in this view.',
    wentOn: (direction: 1 | -1) =>
      direction === 1
        ? 'None further down: went on from the top.'
        : 'None further up: went on from the end.',
    cannotStar: (state: string, model: string) =>
      `${model}: ${outputStates[state]?.toLowerCase() ?? 'no output'}, nothing to star.`,
    nothingToStar: 'This record has no output that can be starred.',
    readOnly: 'This collection is open for reading only.',
  },

  spoken: {
    starred: (n: number, model: string | undefined, name: string) =>
      `Starred ${name}${model ? `, ${model}` : ''}, ${n} of 10`,
    unstarred: (name: string) => `Star taken back, ${name}`,
  },

  error: {
    unreachable: 'the server cannot be reached.',
    late: 'the server does not answer.',
    otherCollection: 'the server now serves another collection.',
    dotId: (id: string) =>
      `A record whose id is “${id}” cannot be fetched by a browser, which takes it for a folder. It can be starred in the table.`,
    part: 'This part of the page could not be loaded: the server cannot be reached. Try again.',
    unknown: (status: number) => `the server answered with status ${status}.`,
  },
};
