// Which keys do what in this browser: the table's own combos, and those that a person put in their place.
import { type Action, type Key, keyOf, keyTable } from './keys';

export type Refusal =
  { reason: 'taken' | 'prefix'; by: Action } | { reason: 'reserved'; by?: undefined };

const place = 'goldstar.keys';

/** Belongs to text fields, to the way out, or to the browser, which would not let go of it anyway. */
const RESERVED =
  /^(Ctrl\+)?(Shift\+)?(Tab|Escape|Backspace|Delete|Enter|Dead|Unidentified|Process|ContextMenu|CapsLock|Alt.*|Control|Shift|Meta|F\d+)$|^Ctrl\+(Shift\+)?[acnpqrtvwxl]$/i;

type Own = Partial<Record<Action, string[]>>;

export class Bindings {
  /** Only what differs from the table. */
  own = $state.raw<Own>(recall());

  readonly #bound = $derived(
    new Map(
      keyTable.flatMap(({ keys }) =>
        keys.flatMap(({ action }) => this.combos(action).map((combo) => [combo, action] as const)),
      ),
    ),
  );

  readonly actionOf = (combo: string): Action | undefined => this.#bound.get(combo);

  combos(action: Action): string[] {
    return this.own[action] ?? keyOf(action).combos;
  }

  isOwn(action: Action): boolean {
    return action in this.own;
  }

  /** The pairs that begin with this stroke. */
  pairs(stroke: string): { combo: string; action: Action }[] {
    return [...this.#bound]
      .filter(([combo]) => combo.startsWith(`${stroke} `))
      .map(([combo, action]) => ({ combo, action }));
  }

  /** Gives an action one more combo, unless something speaks against it. */
  add(action: Action, combo: string): Refusal | undefined {
    const had = this.combos(action);
    if (had.includes(combo)) return undefined;
    const refused = this.#refuse(action, combo);
    if (!refused) this.#set(action, [...had, combo]);
    return refused;
  }

  /** Takes a combo away; without the last one the action has no key. */
  remove(action: Action, combo: string): void {
    this.#set(
      action,
      this.combos(action).filter((c) => c !== combo),
    );
  }

  /** Switches an action's keys off, all of them at once, or on again. */
  switch(action: Action, on: boolean): void {
    this.#set(action, on ? keyOf(action).combos : []);
  }

  /** Why an action cannot have its own keys back: another has been given one of them. */
  reset(action: Action): Refusal | undefined {
    for (const combo of keyOf(action).combos) {
      const refused = this.#clash(action, combo);
      if (refused) return refused;
    }
    this.#set(action, keyOf(action).combos);
    return undefined;
  }

  resetAll(): void {
    this.own = {};
    this.#keep();
  }

  #refuse(action: Action, combo: string): Refusal | undefined {
    const strokes = combo.split(' ');
    const isOurs = keyOf(action).combos.includes(combo);
    if (!isOurs && strokes.some((stroke) => RESERVED.test(stroke))) return { reason: 'reserved' };
    return this.#clash(action, combo);
  }

  #clash(action: Action, combo: string): Refusal | undefined {
    for (const [other, by] of this.#bound) {
      if (by === action) continue;
      if (other === combo) return { reason: 'taken', by };
      if (other.startsWith(`${combo} `) || combo.startsWith(`${other} `)) {
        return { reason: 'prefix', by };
      }
    }
    return undefined;
  }

  #set(action: Action, combos: string[]): void {
    const own = { ...this.own, [action]: combos };
    if (same(combos, keyOf(action))) delete own[action];
    this.own = own;
    this.#keep();
  }

  #keep(): void {
    try {
      localStorage.setItem(place, JSON.stringify(this.own));
    } catch {
      // Storage may be full or forbidden; then the keys last as long as the page.
    }
  }
}

const same = (combos: string[], key: Key) =>
  combos.length === key.combos.length && combos.every((combo, i) => combo === key.combos[i]);

// Only known actions with lists of text are taken over, so an old or broken note does no harm.
function recall(): Own {
  const own: Own = {};
  try {
    const noted: unknown = JSON.parse(localStorage.getItem(place) ?? '{}');
    for (const { action } of keyTable.flatMap(({ keys }) => keys)) {
      const combos = (noted as Record<string, unknown> | null)?.[action];
      const isList = Array.isArray(combos) && combos.every((c) => typeof c === 'string');
      if (isList && action !== 'close') own[action] = combos;
    }
  } catch {
    return {};
  }
  return own;
}
