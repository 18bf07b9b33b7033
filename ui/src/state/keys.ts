// The one table of keys: what is pressed, what it does, and what the key sheet says of it.
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
  | 'filters'
  | 'column'
  | 'copyLink'
  | 'keys'
  | 'close';

export interface Press {
  action: Action;
  /** 1 to 10, for `score`. */
  score?: number;
  /** Whether it is a lone printing key, which people who dictate may want to switch off. */
  letter: boolean;
}

interface Key {
  action: Action;
  combos: string[];
  /** How the key sheet shows the combos, where that is not one key each. */
  shown?: string[];
}

export const keyTable: { title: string; keys: Key[] }[] = [
  {
    title: words.keys.review,
    keys: [
      { action: 'score', combos: [...'1234567890'], shown: ['1', '…', '9', '0'] },
      { action: 'star', combos: ['s'] },
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
      { action: 'select', combos: ['x', ' '] },
      { action: 'extendDown', combos: ['Shift+ArrowDown'] },
      { action: 'extendUp', combos: ['Shift+ArrowUp'] },
      { action: 'selectAll', combos: ['Ctrl+a'] },
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
      { action: 'search', combos: ['/'] },
      { action: 'filters', combos: ['f'] },
      { action: 'column', combos: ['c'] },
      { action: 'copyLink', combos: ['y'] },
      { action: 'keys', combos: ['?'] },
      { action: 'close', combos: ['Escape'] },
    ],
  },
];

const actions = new Map(
  keyTable.flatMap(({ keys }) => keys.flatMap((k) => k.combos.map((c) => [c, k.action] as const))),
);

/** What a key press means to the table, if anything. */
export function pressOf(event: KeyboardEvent): Press | undefined {
  // Key code 229 is how some browsers mark a key that an input method has swallowed.
  if (event.isComposing || event.keyCode === 229 || event.altKey) return undefined;
  const digit = digitOf(event);
  if (digit !== undefined) return { action: 'score', score: digit || 10, letter: true };
  const combo = comboOf(event);
  const action = actions.get(combo);
  if (!action || action === 'score') return undefined;
  // Space works buttons, and with Ctrl a letter is no lone key.
  const alone = event.key !== ' ' && !event.ctrlKey && !event.metaKey;
  return { action, letter: alone && [...event.key].length === 1 };
}

/** The digit pressed, 0 to 9. On layouts such as AZERTY the bare digit row types `&é"`: then its place counts. */
export function digitOf(event: KeyboardEvent): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (/^[0-9]$/.test(event.key)) return Number(event.key);
  if (event.shiftKey || actions.has(event.key)) return undefined;
  const place = /^Digit([0-9])$/.exec(event.code ?? '');
  return place ? Number(place[1]) : undefined;
}

/** Whether the page should leave the event to a text field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  return target.matches('input') && !target.matches('[type=radio], [type=checkbox], [type=button]');
}

function comboOf(event: KeyboardEvent): string {
  const held = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  const letter = letterOf(event);
  if (letter) return held + (event.shiftKey ? `Shift+${letter.toUpperCase()}` : letter);
  // Signs are told apart by what they print; only keys with a name carry Shift.
  const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : '';
  return held + shift + event.key;
}

// On a layout of another script (Cyrillic, Greek) the letter printed on the key's Latin place counts.
function letterOf(event: KeyboardEvent): string | undefined {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.key.length !== 1 || event.key.charCodeAt(0) < 128) return undefined;
  return /^Key([A-Z])$/.exec(event.code ?? '')?.[1]?.toLowerCase();
}
