// Short messages at the foot of the page, and what a screen reader is told.
export interface Toast {
  id: number;
  /** A later toast of the same kind takes the place of the former. */
  kind: string;
  tone: 'plain' | 'error';
  text: string;
  button?: { label: string; key?: string; act: () => void };
}

const SHOWN_MS = 8000;
const SHOWN_MAX = 4;

export class Toasts {
  list = $state.raw<Toast[]>([]);
  /** The text of the live region. */
  spoken = $state('');

  #id = 0;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(toast: Omit<Toast, 'id'>): void {
    const id = ++this.#id;
    const rest = this.list.filter((t) => t.kind !== toast.kind);
    this.list = [...rest, { ...toast, id }].slice(-SHOWN_MAX);
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

  /** Closes the newest; false when there is none. */
  closeLast(): boolean {
    const last = this.list.at(-1);
    if (last) this.close(last.id);
    return last !== undefined;
  }

  say(text: string): void {
    // The same words twice are only read twice when the text differs.
    this.spoken = text === this.spoken ? `${text}\u00a0` : text;
  }
}
