// Keeps query, order and row in the address, so that a reload or a link shows the same place.
import type { Browse } from './browse.svelte';

const WAIT_MS = 200;

/** Reads the address now and at every change of it, and writes it as one moves; returns how to stop. */
export function place(browse: Browse): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = location.hash;

  const read = () => {
    if (location.hash === written && browse.rows.loaded) return;
    written = location.hash;
    const { q, sort, row } = parse(location.hash);
    void browse.search(q, sort, row);
  };

  const stop = $effect.root(() => {
    $effect(() => {
      const hash = format(browse.rows.q, browse.rows.sort, browse.row);
      if (!browse.rows.loaded) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (hash === location.hash) return;
        written = hash;
        history.replaceState(null, '', hash || location.pathname + location.search);
      }, WAIT_MS);
    });
  });

  read();
  addEventListener('hashchange', read);
  return () => {
    clearTimeout(timer);
    removeEventListener('hashchange', read);
    stop();
  };
}

export function parse(hash: string): { q: string; sort: string; row: number } {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const row = Number(params.get('row') ?? 1) - 1;
  return {
    q: params.get('q') ?? '',
    sort: params.get('sort') ?? '',
    row: Number.isSafeInteger(row) && row > 0 ? row : 0,
  };
}

/** Rows are counted from 1 here, as in the table's first column. */
export function format(q: string, sort: string, row: number): string {
  const params = new URLSearchParams();
  if (q) params.set('q', q);
  if (sort) params.set('sort', sort);
  if (row > 0) params.set('row', String(row + 1));
  const text = params.toString();
  return text && `#${text}`;
}
