// Reads key presses one after the other, as some keys are pairs: `g` and then `s`.
import type { Bindings } from './bindings.svelte';
import { comboOf, isLetter, isSwallowed, pressOf, type Press } from './keys';

/** After this a first stroke is forgotten. */
const WAIT_MS = 5000;

export class Strokes {
  /** The first of two strokes, until the second. */
  begun = $state('');

  #bindings: Bindings;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /** What a press means; `begun` when it is the first of two, which no one else should act on. */
  read(event: KeyboardEvent, letters: boolean): Press | 'begun' | undefined {
    if (['Shift', 'Control', 'Meta'].includes(event.key)) return undefined;
    const before = this.begun;
    this.forget();
    const pressed = pressOf(event, this.#bindings.actionOf, before);
    // A second stroke that ends no pair is a press like any other; Esc only gives the pair up.
    if (before && !pressed) return event.key === 'Escape' ? 'begun' : this.read(event, letters);
    if (pressed) return pressed.letter && !letters ? undefined : pressed;
    return this.#begins(event, letters) ? 'begun' : undefined;
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.begun = '';
  }

  #begins(event: KeyboardEvent, letters: boolean): boolean {
    const stroke = comboOf(event);
    const begins = !isSwallowed(event) && this.#bindings.pairs(stroke).length > 0;
    if (!begins || event.repeat || (isLetter(stroke) && !letters)) return false;
    this.begun = stroke;
    this.#timer = setTimeout(() => (this.begun = ''), WAIT_MS);
    return true;
  }
}
