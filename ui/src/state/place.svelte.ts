// Keeps screen, query, order, columns, row, cell and inspector in the address, so that a reload or a link shows the same place.
import { untrack } from 'svelte';
import type { Browse, Screen } from './browse.svelte';

const WAIT_MS = 200;

export interface Place {
  /** Absent: the table. */
  screen?: Exclude<Screen, 'table'>;
  q: string;
  sort: string;
  row: number;
  /** The column under the cursor, where that is not the first model's. */
  cell?: string;
  /** The columns that are shown, where they are not as they come. */
  columns?: string[];
  /** The record that a link is for, wherever it stands by now. */
  id?: string;
  /** Whether the inspector is open; absent: as whoever follows the link left it. */
  open?: true;
}

/** What of a person's own choices is in the address. */
export interface Opened {
  inspector: boolean;
}

/** Reads the address now and at every change of it, and writes it as one moves; returns how to stop. */
export function place(
  browse: Browse,
  opened: Opened,
  missing: (id: string) => void = () => {},
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = location.hash;
  /** Query and order as they were written last. */
  let question: string | undefined;

  const read = () => {
    if (location.hash === written && browse.rows.loaded) return;
    written = location.hash;
    const { q, sort, row, cell, columns, id, open, screen = 'table' } = parse(location.hash);
    browse.screen = screen;
    if (open) opened.inspector = true;
    if (columns) browse.arrange(() => browse.layout.open(columns));
    if (cell) browse.goToId(cell);
    if (id === undefined) void browse.search(q, sort, row);
    else void browse.openAt(q, sort, id).then((found) => found || missing(id));
  };

  const write = (hash: string) => {
    if (hash === location.hash) return;
    const stays = isOfScreen(browse.screen);
    written = hash;
    // "Back" leads from one screen to the other, not through every row one has been to.
    const address = hash || location.pathname + location.search;
    history[stays ? 'replaceState' : 'pushState'](null, '', address);
  };

  const stop = $effect.root(() => {
    $effect(() => {
      const { rows, row, cell, screen } = browse;
      const page = screen === 'table' ? {} : { screen };
      const columns = browse.layout.said;
      const hash = format({
        q: rows.q,
        sort: rows.sort,
        row,
        cell,
        columns,
        ...page,
        ...said(opened),
      });
      if (!rows.loaded) return;
      clearTimeout(timer);
      // Another screen is an entry of its own, which a quick click on a link must find written; and a
      // new question must outlive a quick reload. Rows one goes through are not worth writing each.
      const now = `${rows.q}\n${rows.sort}`;
      if (now !== question || !isOfScreen(screen)) write(hash);
      else timer = setTimeout(() => write(hash), WAIT_MS);
      question = now;
    });
  });

  // Called in an effect, which must not follow where the cursor goes.
  untrack(read);
  addEventListener('hashchange', read);
  return () => {
    clearTimeout(timer);
    removeEventListener('hashchange', read);
    stop();
  };
}

const isOfScreen = (screen: Screen) => (parse(location.hash).screen ?? 'table') === screen;

const said = ({ inspector }: Opened) => (inspector ? { open: true as const } : {});

/** The address that leads to a record in the view that is open. */
export function linkTo(browse: Browse, opened: Opened, id: string): string {
  const { rows, cell } = browse;
  const columns = browse.layout.said;
  const hash = format({ q: rows.q, sort: rows.sort, row: 0, cell, columns, id, ...said(opened) });
  return location.origin + location.pathname + hash;
}

export function parse(hash: string): Place {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const row = Number(params.get('row') ?? 1) - 1;
  const [cell, id, page] = [params.get('cell'), params.get('id'), params.get('page')];
  const columns = params.getAll('column');
  return {
    q: params.get('q') ?? '',
    sort: params.get('sort') ?? '',
    row: Number.isSafeInteger(row) && row > 0 ? row : 0,
    ...(cell ? { cell } : {}),
    ...(columns.length > 0 ? { columns } : {}),
    ...(id ? { id } : {}),
    ...(params.get('open') === 'record' ? { open: true as const } : {}),
    ...(page === 'charts' || page === 'agreement' ? { screen: page } : {}),
  };
}

/** Rows are counted from 1 here, as in the table's first column. */
export function format({ q, sort, row, cell, columns, id, open, screen }: Place): string {
  const params = new URLSearchParams();
  if (screen) params.set('page', screen);
  if (id) params.set('id', id);
  if (q) params.set('q', q);
  if (sort) params.set('sort', sort);
  if (row > 0) params.set('row', String(row + 1));
  if (cell) params.set('cell', cell);
  if (open) params.set('open', 'record');
  columns?.forEach((column) => params.append('column', column));
  const text = params.toString();
  return text && `#${text}`;
}
