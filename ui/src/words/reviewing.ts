// What the page says of comparing, finding, decisions, undo and what happened elsewhere meanwhile.
import { number, some } from './numbers';

interface Act {
  what: string;
  count: number;
  is_bulk: boolean;
  name: string;
  custom_id: string;
  model?: string;
  quality_score: number;
}

/** As it stands on the strip. */
const short = (act: Act): string => {
  const about = act.is_bulk ? some(act.count, 'output') : act.name || act.custom_id;
  const sign = act.what === 'star' ? `★ ${act.quality_score}` : '☆';
  return [sign, about, act.is_bulk ? '' : act.model].filter(Boolean).join(' ');
};

const taken: Record<string, string> = {
  unstar: 'star taken back',
  tag: 'tagged',
  untag: 'tags taken away',
};

const what = (act: Act): string => {
  const about = act.is_bulk
    ? some(act.count, 'output')
    : [act.model, act.name || act.custom_id].filter(Boolean).join(' · ');
  const done = act.what === 'star' ? `★ ${act.quality_score}/10` : taken[act.what];
  return [done, about].filter(Boolean).join(' · ');
};

export const reviewing = {
  acts: {
    label: 'My last decisions',
    fold: 'Hide my last decisions',
    unfold: 'Show my last decisions',
    none: 'What you decide appears here.',
    what,
    undone: (act: Act) => `Undone: ${what(act)}`,
    redone: (act: Act) => `Done again: ${what(act)}`,
    isUndone: 'undone',
    isUnsaved: 'not saved yet',
    // It begins with what is seen, by which people who dictate call it.
    edit: (act: Act) => [short(act), taken[act.what], 'edit'].filter(Boolean).join(', '),
    bulk: (n: number) => some(n, 'output'),
    redo: 'Redo',
    nothingToRedo: 'Nothing to do again.',
    notTurned: (name: string, why: string) => `${name} stays as it is: ${why}`,
  },

  conflicts: {
    title: 'Judged in two places',
    of: (n: number) => (n > 1 ? `1 of ${number(n)}` : ''),
    told: (n: number) => `${some(n, 'output')} judged elsewhere meanwhile`,
    toldHint: 'Nothing is lost: see both.',
    compare: 'Compare…',
    mine: 'Here, not sent yet',
    theirs: 'Elsewhere, saved',
    wasMine: 'What you wanted to take back',
    isNow: 'How it is now',
    yours: 'Yours',
    other: (by: string) => `By ${by}`,
    none: 'No star',
    why: {
      mine: 'You judged this output in another tab or on another computer while this star waited here. One of the two counts: which?',
      both: 'While your star waited here, another reviewer starred the same output. Both stars are kept.',
      undo: 'This output was judged again since, so the earlier star was not taken back. It is as shown on the right.',
    },
    keepMine: 'Save mine',
    keepTheirs: 'Keep theirs',
    next: 'Next',
    close: 'Close',
  },

  json: {
    label: 'JSON',
    entries: (n: number) => some(n, 'entry', 'entries'),
    items: (n: number) => some(n, 'item'),
    more: (n: number) => `… ${number(n)} more`,
    long: (n: number) => `… ${some(n, 'character')} in all`,
  },

  diff: {
    toggle: 'Diff',
    label: 'Differences',
    from: 'From',
    to: 'To',
    swap: 'Swap the two',
    working: 'Comparing…',
    same: 'The two texts are the same.',
    counts: (added: number, removed: number) =>
      `${some(added, 'word')} added, ${number(removed)} removed`,
    late: 'These texts differ too much to be compared in a few seconds.',
    failed: 'The texts could not be compared.',
    one: 'There is only one output: nothing to compare it with.',
    more: 'Show more',
  },

  find: {
    open: 'Find in this record',
    label: 'Find in this record',
    count: (at: number, n: number, more: boolean) =>
      n === 0 ? 'Not found' : `${number(at)} of ${number(n)}${more ? '+' : ''}`,
    next: 'Next match',
    previous: 'Previous match',
    close: 'Close search',
  },

  side: {
    all: 'All',
    allHint: 'Show all outputs side by side',
    pairs: 'Side by side',
    next: 'Compare with the next output',
    previous: 'Compare with the previous output',
    copyId: 'Copy id',
    copyLink: 'Copy link',
    stars: 'Stars now',
  },

  tagSets: {
    label: 'Recent sets of tags',
    key: (n: number) => `Alt+${n}`,
    add: (tags: string[]) => `Add ${tags.join(', ')}`,
  },
};
