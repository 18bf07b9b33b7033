// How the inspector shows a record: which outputs stand side by side, in which form, compared or not, and the search.
import type { Browse } from './browse.svelte';
import type { Prefs, Reading } from './prefs.svelte';

export const readings: Reading[] = ['read', 'json', 'raw'];

export interface Named {
  model: string;
  choice: number;
}

export class Inspecting {
  diffing = $state(false);
  finding = $state(false);
  /** Counts the calls for the search box, so that each of them brings the focus there. */
  calls = $state(0);
  /** Which of the other outputs stands beside the one under the cursor. */
  #partner = $state(0);
  /** The two whose differences are asked for by name. */
  #chosen = $state.raw<[string, string] | undefined>();

  #browse: Browse;
  #prefs: Prefs;

  constructor(browse: Browse, prefs: Prefs) {
    this.#browse = browse;
    this.#prefs = prefs;
  }

  /** The outputs that stand side by side. */
  beside<T extends Named>(outputs: T[]): T[] {
    const { pairs } = this.#prefs.values;
    return pairs && outputs.length > 2 ? this.#pair(outputs) : outputs;
  }

  /** The two outputs that are compared; nothing when there are not two. */
  compared<T extends Named>(outputs: T[]): [T, T] | undefined {
    const [from, to] = (this.#chosen ?? []).map((name) => outputs.find((o) => nameOf(o) === name));
    const [first, second] = this.#pair(outputs);
    if (from && to && from !== to) return [from, to];
    return first && second && [first, second];
  }

  choose(from: Named, to: Named): void {
    this.#chosen = [nameOf(from), nameOf(to)];
  }

  toggleDiff(): void {
    this.diffing = !(this.diffing && this.#prefs.values.inspector);
    this.#prefs.values.inspector = true;
  }

  nextReading(): void {
    const { values } = this.#prefs;
    if (values.inspector) {
      const at = readings.indexOf(values.reading);
      values.reading = readings[(at + 1) % readings.length]!;
    }
    values.inspector = true;
    this.diffing = false;
  }

  /** On to the next pair; behind the last one all outputs are shown again. */
  step(by: 1 | -1): void {
    const { values } = this.#prefs;
    values.inspector = true;
    this.#chosen = undefined;
    const others = (this.#browse.current?.outputs.length ?? 0) - 1;
    if (others < 2) return;
    const at = values.pairs || this.diffing ? this.#partner % others : by === 1 ? -1 : others;
    const next = at + by;
    const inside = next >= 0 && next < others;
    if (!this.diffing) values.pairs = inside;
    this.#partner = inside ? next : next < 0 ? others - 1 : 0;
  }

  find(): void {
    this.#prefs.values.inspector = true;
    this.finding = true;
    this.calls++;
  }

  #pair<T extends Named>(outputs: T[]): T[] {
    const row = this.#browse.current;
    const under = row && this.#browse.output(row);
    const active = outputs.find((o) => under && nameOf(o) === nameOf(under)) ?? outputs[0];
    const others = outputs.filter((output) => output !== active);
    const partner = others[this.#partner % Math.max(1, others.length)];
    return outputs.filter((output) => output === active || output === partner);
  }
}

export const nameOf = ({ model, choice }: Named) => `${model} ${choice}`;
