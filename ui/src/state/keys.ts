// The one table of keys: what is pressed, what it does, and what the key sheet says of it.
//
// A row is an action, the combos it has at first, and where it acts. Its words are in `words.keys.actions`, what it
// does in `App.act`. A combo is written as `n`, `Shift+N`, `Ctrl+k`, `ArrowDown`, or as a pair of strokes: `g s`.
// People may give a row other combos (bindings.svelte.ts); everything shown asks there.
import { words } from '../words/en';

export type Action =
  | 'down'
  | 'up'
  | 'left'
  | 'right'
  | 'pageDown'
  | 'pageUp'
  | 'firstCell'
  | 'lastCell'
  | 'firstRow'
  | 'lastRow'
  | 'next'
  | 'previous'
  | 'score'
  | 'star'
  | 'accept'
  | 'undo'
  | 'redo'
  | 'diff'
  | 'reading'
  | 'nextPair'
  | 'previousPair'
  | 'find'
  | 'inspect'
  | 'search'
  | 'select'
  | 'extendDown'
  | 'extendUp'
  | 'selectAll'
  | 'tag'
  | 'filters'
  | 'column'
  | 'copyLink'
  | 'palette'
  | 'settings'
  | 'keys'
  | 'close'
  | 'goStarred'
  | 'goAll'
  | 'goUnreviewed'
  | 'goAssigned'
  | 'goCharts'
  | 'goAgreement'
  | 'goExport';

export interface Press {
  action: Action;
  /** 1 to 10, for `score`. */
  score?: number;
  /** Whether it is a lone printing key, which people who dictate may want to switch off. */
  letter: boolean;
}

export interface Key {
  action: Action;
  combos: string[];
  /** How the key sheet shows the combos, where that is not one key each. */
  shown?: string[];
  /** `table` (without a word): only where the table is. `screens`: on each. `typing`: in text fields, too. */
  reach?: 'screens' | 'typing';
}

export const keyTable: { title: string; keys: Key[] }[] = [
  {
    title: words.keys.review,
    keys: [
      { action: 'score', combos: [...'1234567890'], shown: ['1', '…', '9', '0'] },
      { action: 'star', combos: ['s'] },
      { action: 'accept', combos: ['a'] },
      { action: 'next', combos: ['n'] },
      { action: 'previous', combos: ['Shift+N'] },
      { action: 'undo', combos: ['u', 'Ctrl+z'] },
      { action: 'redo', combos: ['Shift+U', 'Ctrl+Shift+Z'] },
    ],
  },
  {
    title: words.keys.move,
    keys: [
      { action: 'down', combos: ['j', 'ArrowDown'] },
      { action: 'up', combos: ['k', 'ArrowUp'] },
      { action: 'left', combos: ['ArrowLeft'] },
      { action: 'right', combos: ['ArrowRight'] },
      { action: 'firstCell', combos: ['Home'] },
      { action: 'lastCell', combos: ['End'] },
      { action: 'firstRow', combos: ['Ctrl+Home'] },
      { action: 'lastRow', combos: ['Ctrl+End'] },
      { action: 'pageDown', combos: ['PageDown'] },
      { action: 'pageUp', combos: ['PageUp'] },
    ],
  },
  {
    title: words.keys.choose,
    keys: [
      { action: 'select', combos: ['x', 'Space'] },
      { action: 'extendDown', combos: ['Shift+ArrowDown'] },
      { action: 'extendUp', combos: ['Shift+ArrowUp'] },
      { action: 'selectAll', combos: ['Ctrl+a'] },
      { action: 'tag', combos: ['t'] },
    ],
  },
  {
    title: words.keys.look,
    keys: [
      { action: 'inspect', combos: ['Enter', 'o'] },
      { action: 'diff', combos: ['d'] },
      { action: 'reading', combos: ['v'] },
      { action: 'nextPair', combos: [']'] },
      { action: 'previousPair', combos: ['['] },
      { action: 'find', combos: ['Ctrl+Shift+F'] },
      { action: 'search', combos: ['/'], reach: 'screens' },
      { action: 'filters', combos: ['f'] },
      { action: 'column', combos: ['c'] },
      { action: 'copyLink', combos: ['y'] },
      { action: 'palette', combos: ['Ctrl+k'], reach: 'typing' },
      { action: 'settings', combos: ['Ctrl+,'], reach: 'screens' },
      { action: 'keys', combos: ['?'], reach: 'screens' },
      { action: 'close', combos: ['Escape'], reach: 'screens' },
    ],
  },
  {
    title: words.keys.go,
    keys: [
      { action: 'goAll', combos: ['g a'], reach: 'screens' },
      { action: 'goStarred', combos: ['g s'], reach: 'screens' },
      { action: 'goUnreviewed', combos: ['g u'], reach: 'screens' },
      { action: 'goAssigned', combos: ['g m'], reach: 'screens' },
      { action: 'goCharts', combos: ['g c'], reach: 'screens' },
      { action: 'goAgreement', combos: ['g r'], reach: 'screens' },
      { action: 'goExport', combos: ['g e'], reach: 'screens' },
    ],
  },
];

const rows = new Map(keyTable.flatMap(({ keys }) => keys.map((key) => [key.action, key] as const)));

export const keyOf = (action: Action): Key => rows.get(action)!;

/** What a combo does, as things are bound now. */
export type Bound = (combo: string) => Action | undefined;

const first = new Map(
  [...rows.values()].flatMap((key) => key.combos.map((combo) => [combo, key.action] as const)),
);
const asFirst: Bound = (combo) => first.get(combo);

/** What a key press means to the page, if anything; `before` is the first stroke of a pair. */
export function pressOf(
  event: KeyboardEvent,
  bound: Bound = asFirst,
  before = '',
): Press | undefined {
  if (isSwallowed(event)) return undefined;
  const digit = before ? undefined : digitOf(event, bound);
  const stroke = digit === undefined ? comboOf(event) : String(digit);
  const combo = before ? `${before} ${stroke}` : stroke;
  const action = bound(combo);
  if (!action) return undefined;
  if (action === 'score') {
    return digit === undefined ? undefined : { action, score: digit || 10, letter: true };
  }
  return { action, letter: isLetter(combo) };
}

/** Whether a lone printing key does it, which speech input and slips of the hand press too. */
export const isLetter = (combo: string) =>
  combo.split(' ').some((stroke) => /^(Shift\+)?.$/u.test(stroke));

/** The digit pressed, 0 to 9. On layouts such as AZERTY the bare digit row types `&é"`: then its place counts. */
export function digitOf(event: KeyboardEvent, bound: Bound = asFirst): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (/^[0-9]$/.test(event.key)) return Number(event.key);
  if (event.shiftKey || bound(event.key)) return undefined;
  const place = /^Digit([0-9])$/.exec(event.code ?? '');
  return place ? Number(place[1]) : undefined;
}

/** Whether the page should leave the event to a text field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  return target.matches('input') && !target.matches('[type=radio], [type=checkbox], [type=button]');
}

/** Whether an input method has the key. Key code 229 is how some browsers say so; Alt types signs. */
export const isSwallowed = (event: KeyboardEvent) =>
  event.isComposing || event.keyCode === 229 || event.altKey;

export function comboOf(event: KeyboardEvent): string {
  const held = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  const letter = letterOf(event);
  if (letter) return held + (event.shiftKey ? `Shift+${letter.toUpperCase()}` : letter);
  const name = event.key === ' ' ? 'Space' : event.key;
  // Signs are told apart by what they print; only keys with a name carry Shift.
  const shift = event.shiftKey && name.length > 1 ? 'Shift+' : '';
  return held + shift + name;
}

// On a layout of another script (Cyrillic, Greek) the letter printed on the key's Latin place counts.
function letterOf(event: KeyboardEvent): string | undefined {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.key.length !== 1 || event.key.charCodeAt(0) < 128) return undefined;
  return /^Key([A-Z])$/.exec(event.code ?? '')?.[1]?.toLowerCase();
}

/** A combo as keycaps: for each stroke the keys that are pressed together. */
export function capsOf(combo: string): string[][] {
  return combo.split(' ').map((stroke) => {
    const [, held = '', key = stroke] = /^((?:(?:Ctrl|Shift)\+)*)(.+)$/u.exec(stroke) ?? [];
    const last = [...key].length === 1 ? key.toUpperCase() : (words.keys.names[key] ?? key);
    return [...held.split('+').filter(Boolean), last];
  });
}

/** A combo as people say it: `G then S`, `Ctrl+K`. */
export const sayCombo = (combo: string) =>
  capsOf(combo)
    .map((keys) => keys.join('+'))
    .join(` ${words.keys.andThen} `);
