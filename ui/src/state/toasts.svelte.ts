// Short messages at the foot of the page, and what a screen reader is told.
export interface Toast {
  id: number;
  /** A later toast of the same kind takes the place of the former. */
  kind: string;
  tone: 'plain' | 'error';
  text: string;
  /** The act it tells of, with which it goes. */
  about?: string;
  button?: { label: string; key?: string; act: () => void };
}

const SHOWN_MS = 8000;
/** Of those that go by themselves: what failed is never pushed out. */
const PLAIN_MAX = 4;

export class Toasts {
  list = $state.raw<Toast[]>([]);
  /** The text of the live region. */
  spoken = $state('');

  #id = 0;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(toast: Omit<Toast, 'id'>): void {
    const id = ++this.#id;
    const rest = this.list.filter((t) => t.kind !== toast.kind);
    const list = [...rest, { ...toast, id }];
    const plain = list.filter((t) => t.tone === 'plain');
    const excess = new Set(plain.slice(0, -PLAIN_MAX));
    this.list = list.filter((t) => !excess.has(t));
    // What failed stays until it is dealt with.
    if (toast.tone === 'plain')
      this.#timers.set(
        id,
        setTimeout(() => this.close(id), SHOWN_MS),
      );
  }

  close(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.list = this.list.filter((t) => t.id !== id);
  }

  /** Closes what tells of an act that turned out not to be. */
  closeAbout(about: string): void {
    for (const toast of this.list) if (toast.about === about) this.close(toast.id);
  }

  /** Closes the newest; false when there is none. What failed has to be dismissed by hand. */
  closeLast(): boolean {
    const last = this.list.findLast((toast) => toast.tone === 'plain');
    if (last) this.close(last.id);
    return last !== undefined;
  }

  /** Shows it and has it read out. */
  tell(text: string): void {
    this.show({ kind: 'told', tone: 'plain', text });
    this.say(text);
  }

  say(text: string): void {
    // The same words twice are only read twice when the text differs.
    this.spoken = text === this.spoken ? `${text}\u00a0` : text;
  }
}
