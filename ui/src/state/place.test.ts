// The address: what is written can be read, and nonsense does no harm.
import { expect, it } from 'vitest';
import { format, parse, type Place } from './place.svelte';

it('comes back as it was written', () => {
  const places = [
    { q: '', sort: '', row: 0 },
    { q: 'a "b c" tag:x&y=1 #%', sort: '-chars:m/1', row: 12 },
    { q: '李 محمد', sort: 'name', row: 9_999_999, cell: 'model:a b&c' },
    { q: 'x', sort: '', row: 0, id: 'cand/7 #1' },
    { q: 'x', sort: 'name', row: 3, screen: 'charts' },
    { q: '', sort: '', row: 4, open: true },
    { q: '', sort: '', row: 0, screen: 'agreement' },
    { q: 'x', sort: '', row: 1, columns: ['^name', '300model:a,b ^&c', 'score'] },
  ] satisfies Place[];
  for (const p of places) expect(parse(format(p))).toEqual(p);
  expect(format({ q: '', sort: '', row: 0 })).toBe('');
});

it('takes the first row for nonsense', () => {
  for (const hash of ['#row=x', '#row=-4', '#row=1e99', '#row=2.5', '#%%%', '#']) {
    expect(parse(hash).row).toBe(0);
  }
});
