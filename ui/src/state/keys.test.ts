// What key presses mean, on several layouts and in the middle of other things.
import { describe, expect, it } from 'vitest';
import { isTyping, keyTable, pressOf } from './keys';
import { words } from '../words/en';

type Init = KeyboardEventInit & { key: string };

function check(init: Init, expected: { action: string; score?: number } | undefined) {
  const pressed = pressOf(new KeyboardEvent('keydown', init));
  expect(pressed?.action).toBe(expected?.action);
  expect(pressed?.score).toBe(expected?.score);
}

describe('letters and signs', () => {
  it('act without a modifier', () => {
    check({ key: 'j', code: 'KeyJ' }, { action: 'down' });
    check({ key: 'k', code: 'KeyK' }, { action: 'up' });
    check({ key: 's', code: 'KeyS' }, { action: 'star' });
    check({ key: 'o', code: 'KeyO' }, { action: 'inspect' });
    check({ key: 'Enter', code: 'Enter' }, { action: 'inspect' });
    check({ key: 'Escape', code: 'Escape' }, { action: 'close' });
  });

  it('are left to the browser with a modifier', () => {
    check({ key: 's', code: 'KeyS', ctrlKey: true }, undefined);
    check({ key: 'u', code: 'KeyU', metaKey: true }, undefined);
    check({ key: 'j', code: 'KeyJ', altKey: true }, undefined);
    check({ key: '1', code: 'Digit1', ctrlKey: true }, undefined);
  });

  it('tell n from Shift+N, with or without Caps Lock', () => {
    check({ key: 'n', code: 'KeyN' }, { action: 'next' });
    check({ key: 'N', code: 'KeyN', shiftKey: true }, { action: 'previous' });
    check({ key: 'N', code: 'KeyN' }, { action: 'next' });
    check({ key: 'J', code: 'KeyJ' }, { action: 'down' });
    check({ key: 'J', code: 'KeyJ', shiftKey: true }, undefined);
  });

  it('find / and ? wherever the layout has them', () => {
    check({ key: '/', code: 'Slash' }, { action: 'search' });
    check({ key: '/', code: 'Digit7', shiftKey: true }, { action: 'search' });
    check({ key: '/', code: 'Period', shiftKey: true }, { action: 'search' });
    check({ key: '?', code: 'Slash', shiftKey: true }, { action: 'keys' });
    check({ key: '?', code: 'Minus', shiftKey: true }, { action: 'keys' });
  });

  it('go by place on layouts of another script', () => {
    check({ key: 'о', code: 'KeyJ' }, { action: 'down' });
    check({ key: 'ы', code: 'KeyS' }, { action: 'star' });
  });

  it('do nothing on Backspace and Delete', () => {
    check({ key: 'Backspace', code: 'Backspace' }, undefined);
    check({ key: 'Delete', code: 'Delete' }, undefined);
  });

  it('know the grid keys', () => {
    check({ key: 'Home' }, { action: 'firstCell' });
    check({ key: 'End' }, { action: 'lastCell' });
    check({ key: 'Home', ctrlKey: true }, { action: 'firstRow' });
    check({ key: 'End', ctrlKey: true }, { action: 'lastRow' });
    check({ key: 'ArrowRight', shiftKey: true }, undefined);
    check({ key: 'PageUp' }, { action: 'pageUp' });
  });
});

it('select rows', () => {
  check({ key: 'x', code: 'KeyX' }, { action: 'select' });
  check({ key: ' ', code: 'Space' }, { action: 'select' });
  check({ key: 'ArrowDown', shiftKey: true }, { action: 'extendDown' });
  check({ key: 'a', code: 'KeyA', ctrlKey: true }, { action: 'selectAll' });
  check({ key: 'a', code: 'KeyA', metaKey: true }, { action: 'selectAll' });
  const letter = (init: Init) => pressOf(new KeyboardEvent('keydown', init))?.letter;
  expect(letter({ key: 'x', code: 'KeyX' })).toBe(true);
  expect(letter({ key: ' ', code: 'Space' })).toBe(false);
  expect(letter({ key: 'a', code: 'KeyA', ctrlKey: true })).toBe(false);
});

describe('digits', () => {
  it('score, 0 being ten', () => {
    for (let n = 1; n <= 9; n++) {
      check({ key: String(n), code: `Digit${n}` }, { action: 'score', score: n });
      check({ key: String(n), code: `Numpad${n}` }, { action: 'score', score: n });
    }
    check({ key: '0', code: 'Digit0' }, { action: 'score', score: 10 });
  });

  it('score on AZERTY with and without Shift', () => {
    const row = ['à', '&', 'é', '"', "'", '(', '-', 'è', '_', 'ç'];
    row.forEach((key, n) => {
      check({ key, code: `Digit${n}` }, { action: 'score', score: n || 10 });
      check(
        { key: String(n), code: `Digit${n}`, shiftKey: true },
        { action: 'score', score: n || 10 },
      );
    });
  });

  it('do not score when Shift makes another sign of them', () => {
    check({ key: '!', code: 'Digit1', shiftKey: true }, undefined);
    check({ key: ')', code: 'Digit0', shiftKey: true }, undefined);
  });
});

describe('input methods', () => {
  it('keep their keys while composing', () => {
    check({ key: 'j', code: 'KeyJ', isComposing: true }, undefined);
    check({ key: '1', code: 'Digit1', isComposing: true }, undefined);
    check({ key: 'Enter', isComposing: true }, undefined);
    check({ key: 'Process', code: 'KeyJ', keyCode: 229 } as Init, undefined);
  });
});

describe('text fields', () => {
  const made = (html: string) => {
    document.body.innerHTML = html;
    return document.body.firstElementChild;
  };

  it('are where one types', () => {
    expect(isTyping(made('<input>'))).toBe(true);
    expect(isTyping(made('<input type="search">'))).toBe(true);
    expect(isTyping(made('<textarea></textarea>'))).toBe(true);
    expect(isTyping(made('<input type="radio">'))).toBe(false);
    expect(isTyping(made('<button></button>'))).toBe(false);
    expect(isTyping(null)).toBe(false);
  });
});

describe('the key sheet', () => {
  it('has words for every key, and no combination twice', () => {
    const keys = keyTable.flatMap((group) => group.keys);
    for (const { action } of keys) expect(words.keys.actions[action]).toBeTruthy();
    const combos = keys.flatMap((key) => key.combos);
    expect(new Set(combos).size).toBe(combos.length);
  });
});
