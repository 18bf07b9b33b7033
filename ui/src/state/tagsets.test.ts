// The recent sets of tags: the last one first, each once, remembered for one collection.
import { beforeEach, expect, it } from 'vitest';
import { TagSets } from './tagsets.svelte';

beforeEach(() => localStorage.clear());

const open = (collection: string) => {
  const sets = new TagSets();
  sets.open(collection);
  return sets;
};

it('keeps the last five, the newest first, each once', () => {
  const sets = open('here');
  for (const tag of ['a', 'b', 'c', 'd', 'e', 'f']) sets.use([tag, 'x']);
  sets.use(['x', 'd']);
  sets.use([]);
  expect(sets.list.map((set) => set.join())).toEqual(['x,d', 'f,x', 'e,x', 'c,x', 'b,x']);
});

it('remembers them for that collection only, and forgives broken notes', () => {
  open('here').use(['a', 'b']);
  expect(open('here').list).toEqual([['a', 'b']]);
  expect(open('elsewhere').list).toEqual([]);
  localStorage.setItem('goldstar.tags here', '[["a"],[],[1],"x",null,["b"]]');
  expect(open('here').list).toEqual([['a'], ['b']]);
  localStorage.setItem('goldstar.tags here', '{broken');
  expect(open('here').list).toEqual([]);
});
