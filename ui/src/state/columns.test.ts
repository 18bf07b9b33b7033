// Columns: their order, which are shown and stay in sight, and that a collection remembers it.
import { beforeEach, expect, it } from 'vitest';
import { arrange, Columns, fresh, WIDTH_MAX, WIDTH_MIN } from './columns.svelte';

beforeEach(() => localStorage.clear());

function make(models = ['a', 'b', 'c']) {
  const columns = new Columns();
  columns.setModels(models);
  columns.recall('here');
  return columns;
}

const ids = (columns: Columns) => columns.shown.map(({ id }) => id).join(' ');

it('come as number, name, models, tags, score, star', () => {
  expect(ids(make())).toBe('number name model:a model:b model:c tags score star');
  expect(ids(make([]))).toBe('number name tags score star');
});

it('are hidden and shown again where they were', () => {
  const columns = make();
  columns.hide('model:b');
  columns.hide('tags');
  expect(ids(columns)).toBe('number name model:a model:c score star');
  columns.hide('model:b', false);
  expect(ids(columns)).toBe('number name model:a model:b model:c score star');
});

it('move among their side', () => {
  const columns = make();
  columns.move('model:a', 1);
  expect(ids(columns)).toBe('number name model:b model:a model:c tags score star');
  columns.move('score', -1);
  expect(ids(columns)).toBe('number name model:b model:a model:c score tags star');
  expect(columns.canMove('name', -1)).toBe(false);
  expect(columns.canMove('name', 1)).toBe(false);
  expect(columns.canMove('tags', 1)).toBe(false);
  columns.move('tags', 1);
  expect(ids(columns)).toBe('number name model:b model:a model:c score tags star');
});

it('step over hidden ones', () => {
  const columns = make();
  columns.hide('model:b');
  columns.move('model:a', 1);
  expect(ids(columns)).toBe('number name model:c model:a tags score star');
});

it('stay in sight when pinned, each behind the one before', () => {
  const columns = make();
  columns.pin('model:c');
  expect(ids(columns)).toBe('number name model:c model:a model:b tags score star');
  expect(columns.shown.map(({ left }) => left)).toEqual([
    0,
    64,
    248,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  columns.pin('name', false);
  expect(ids(columns)).toBe('number model:c name model:a model:b tags score star');
});

it('go to the other side when they are put beside one of it', () => {
  const columns = make();
  columns.moveTo('model:b', 'name', true);
  expect(columns.isPinned('model:b')).toBe(true);
  columns.moveTo('model:b', 'score', false);
  expect(columns.isPinned('model:b')).toBe(false);
  expect(ids(columns)).toBe('number name model:a model:c tags model:b score star');
});

it('have a width within bounds, and models share what is left until they have one', () => {
  const columns = make(['a', 'b']);
  expect(columns.template).toBe('64px 184px minmax(260px, 1fr) minmax(260px, 1fr) 164px 76px 94px');
  columns.resize('model:a', 5000);
  columns.resize('tags', 3);
  expect(columns.template).toBe(
    `64px 184px ${WIDTH_MAX}px minmax(260px, 1fr) ${WIDTH_MIN}px 76px 94px`,
  );
  columns.resize('model:a');
  expect(columns.template).toContain('184px minmax(260px, 1fr)');
});

it('are narrow on a narrow page, where one of them stays', () => {
  const shown = arrange(['a'], { ...fresh, pinned: ['name', 'model:a'] }, true);
  expect(shown.map(({ left }) => left)).toEqual([undefined, 0, ...Array(4).fill(undefined)]);
});

it('are remembered for each collection, and new models find their place', () => {
  const columns = make();
  columns.move('model:c', -1);
  columns.hide('score');
  columns.resize('name', 300);
  const again = make(['a', 'b', 'c', 'd']);
  expect(ids(again)).toBe('number name model:a model:c model:d model:b tags star');
  expect(again.shown[1]?.width).toBe(300);
  const other = new Columns();
  other.setModels(['a']);
  other.recall('elsewhere');
  expect(other.layout).toEqual(fresh);
  again.reset();
  expect(ids(make())).toBe('number name model:a model:b model:c tags score star');
});

it('come as ever when what was noted is broken', () => {
  for (const noted of ['{', '7', 'null', '{"order":5,"hidden":[1],"widths":{"name":"x"}}']) {
    localStorage.setItem('goldstar.columns.here', noted);
    expect(ids(make(['a']))).toBe('number name model:a tags score star');
  }
});

it('are said to the address once something was chosen, and shown again from it', () => {
  const mine = make();
  expect(mine.said).toEqual([]);
  mine.moveTo('model:c', 'model:a', false);
  mine.pin('model:c');
  mine.hide('model:b');
  mine.resize('model:a', 300);
  expect(mine.said).toEqual(['^name', '^model:c', '300model:a', 'tags', 'score']);
  const yours = new Columns();
  yours.open(['^name', '^model:c', '300model:a', 'model:gone', 'score', '99999tags', 'nonsense']);
  yours.recall('there');
  yours.setModels(['a', 'b', 'c']);
  expect(ids(yours)).toBe('number name model:c model:a score tags star');
  expect(yours.shown.find(({ id }) => id === 'tags')?.width).toBe(WIDTH_MAX);
  expect(yours.isHidden('model:b')).toBe(true);
  // Looking at somebody's link does not change what I chose myself.
  expect(localStorage.getItem('goldstar.columns.there')).toBeNull();
  yours.open(['nothing', 'known']);
  expect(ids(yours)).toBe('number name model:c model:a score tags star');
});
