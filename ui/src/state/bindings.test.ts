// Keys that people change: kept, refused where they would clash, and given back.
import { beforeEach, describe, expect, it } from 'vitest';
import { Bindings } from './bindings.svelte';
import { pressOf } from './keys';
import { Strokes } from './strokes.svelte';

beforeEach(() => localStorage.clear());

const key = (init: KeyboardEventInit & { key: string }) => new KeyboardEvent('keydown', init);
const does = (bindings: Bindings, combo: string) =>
  pressOf(key({ key: combo }), bindings.actionOf)?.action;

describe('a key', () => {
  it('is added, taken away and given back, and the browser remembers it', () => {
    const bindings = new Bindings();
    expect(bindings.add('star', 'q')).toBeUndefined();
    expect(does(bindings, 'q')).toBe('star');
    expect(does(bindings, 's')).toBe('star');
    bindings.remove('star', 's');
    expect(does(bindings, 's')).toBeUndefined();
    const later = new Bindings();
    expect(later.combos('star')).toEqual(['q']);
    expect(later.reset('star')).toBeUndefined();
    expect(later.combos('star')).toEqual(['s']);
    expect(later.isOwn('star')).toBe(false);
    expect(new Bindings().combos('star')).toEqual(['s']);
  });

  it('is switched off with its last combo, and digits all at once', () => {
    const bindings = new Bindings();
    bindings.remove('filters', 'f');
    expect(bindings.combos('filters')).toEqual([]);
    expect(does(bindings, '5')).toBe('score');
    bindings.switch('score', false);
    expect(does(bindings, '5')).toBeUndefined();
    expect(bindings.add('filters', '5')).toBeUndefined();
    expect(does(bindings, '5')).toBe('filters');
  });

  it('is refused where another has it, or where it begins a pair', () => {
    const bindings = new Bindings();
    expect(bindings.add('star', 'n')).toEqual({ reason: 'taken', by: 'next' });
    expect(bindings.add('star', 'g')).toMatchObject({ reason: 'prefix' });
    expect(bindings.add('star', 's x')).toBeUndefined();
    expect(bindings.add('filters', 's z')).toEqual({ reason: 'prefix', by: 'star' });
    expect(bindings.combos('filters')).toEqual(['f']);
  });

  it('is refused where it belongs to text fields or the browser', () => {
    const bindings = new Bindings();
    for (const combo of ['Backspace', 'Delete', 'Tab', 'Escape', 'Ctrl+c', 'Ctrl+w', 'F5']) {
      expect(bindings.add('star', combo), combo).toEqual({ reason: 'reserved' });
    }
    expect(bindings.combos('star')).toEqual(['s']);
  });

  it('is not given back while another has it', () => {
    const bindings = new Bindings();
    bindings.remove('star', 's');
    bindings.add('filters', 's');
    expect(bindings.reset('star')).toEqual({ reason: 'taken', by: 'filters' });
    bindings.resetAll();
    expect(bindings.combos('star')).toEqual(['s']);
    expect(bindings.combos('filters')).toEqual(['f']);
  });

  it('survives a broken note', () => {
    for (const note of [
      '{',
      '[]',
      'null',
      '{"star":"s","nothing":["x"],"filters":[1],"close":[]}',
    ]) {
      localStorage.setItem('goldstar.keys', note);
      const bindings = new Bindings();
      expect(bindings.combos('star')).toEqual(['s']);
      expect(bindings.combos('filters')).toEqual(['f']);
      expect(bindings.combos('close')).toEqual(['Escape']);
    }
  });
});

describe('a pair of strokes', () => {
  const reading = () => new Strokes(new Bindings());
  const action = (read: ReturnType<Strokes['read']>) => (read === 'begun' ? read : read?.action);

  it('does what neither of them does', () => {
    const strokes = reading();
    expect(action(strokes.read(key({ key: 'g' }), true))).toBe('begun');
    expect(action(strokes.read(key({ key: 's' }), true))).toBe('goStarred');
    expect(action(strokes.read(key({ key: 's' }), true))).toBe('star');
  });

  it('goes by place on layouts of another script', () => {
    const strokes = reading();
    strokes.read(key({ key: 'п', code: 'KeyG' }), true);
    expect(action(strokes.read(key({ key: 'с', code: 'KeyC' }), true))).toBe('goCharts');
  });

  it('is given up by a key that ends none, which does its own', () => {
    const strokes = reading();
    strokes.read(key({ key: 'g' }), true);
    expect(action(strokes.read(key({ key: 'j' }), true))).toBe('down');
    expect(strokes.begun).toBe('');
    strokes.read(key({ key: 'g' }), true);
    expect(action(strokes.read(key({ key: 'Escape' }), true))).toBe('begun');
    expect(strokes.begun).toBe('');
  });

  it('waits through Shift, and not at all for composed or modified keys', () => {
    const strokes = reading();
    strokes.read(key({ key: 'g' }), true);
    strokes.read(key({ key: 'Shift', shiftKey: true }), true);
    expect(strokes.begun).toBe('g');
    strokes.forget();
    expect(strokes.read(key({ key: 'g', isComposing: true }), true)).toBeUndefined();
    expect(strokes.read(key({ key: 'g', ctrlKey: true }), true)).toBeUndefined();
    expect(strokes.read(key({ key: 'g', altKey: true }), true)).toBeUndefined();
  });

  it('is off with all single letters', () => {
    const strokes = reading();
    expect(strokes.read(key({ key: 'g' }), false)).toBeUndefined();
    expect(strokes.read(key({ key: 's' }), false)).toBeUndefined();
    expect(action(strokes.read(key({ key: 'k', ctrlKey: true }), false))).toBe('palette');
    expect(action(strokes.read(key({ key: 'ArrowDown' }), false))).toBe('down');
  });
});
