// A JSON value as the lines of a tree: only what is open has lines, so that a huge value costs no more than a small one.
export interface Line {
  /** A JSON pointer: what is open is remembered by it. */
  path: string;
  depth: number;
  /** The name or number within what is above. */
  key: string;
  kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'more';
  /** How many are inside, or left. */
  size: number;
  open: boolean;
  /** The place among its neighbours, from 1, and how many those are. */
  place: number;
  places: number;
  value: unknown;
}

/** As many children are shown at first, and at each asking for more. */
export const CHILDREN = 100;
const OPEN_DEPTH = 2;
const OPEN_SIZE = 50;

export interface Opened {
  isOpen: (path: string) => boolean | undefined;
  /** How many children of it are asked for. */
  shown: (path: string) => number;
}

export function lines(root: unknown, opened: Opened): Line[] {
  const all: Line[] = [];
  const visit = (
    key: string,
    value: unknown,
    path: string,
    depth: number,
    at: number,
    of: number,
  ) => {
    const kind = kindOf(value);
    const size = sizeOf(value);
    const open = size > 0 && (opened.isOpen(path) ?? (depth < OPEN_DEPTH && size <= OPEN_SIZE));
    all.push({ path, depth, key, kind, size, open, place: at, places: of, value });
    if (!open) return;
    const shown = Math.min(size, opened.shown(path));
    const places = shown < size ? shown + 1 : size;
    childrenOf(value, shown).forEach(([name, child], i) =>
      visit(name, child, `${path}/${escaped(name)}`, depth + 1, i + 1, places),
    );
    if (shown === size) return;
    const rest = { key: '', kind: 'more' as const, size: size - shown, open: false, value: null };
    all.push({ ...rest, path: `${path}/…`, depth: depth + 1, place: places, places });
  };
  visit('', root, '', 0, 1, 1);
  return all;
}

/** The value of a text, when it is JSON that has something inside. */
export function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function kindOf(value: unknown): Line['kind'] {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'string' || kind === 'number' || kind === 'boolean' ? kind : 'object';
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function childrenOf(value: unknown, count: number): [string, unknown][] {
  if (Array.isArray(value)) return value.slice(0, count).map((child, i) => [String(i), child]);
  const keys = Object.keys(value as object).slice(0, count);
  return keys.map((key) => [key, (value as Record<string, unknown>)[key]]);
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
