// Acts on many records: the dialog that is open for one, and how it is taken back.
import { api } from '../api/client';
import type { BulkDone, BulkProgress } from '../api/types';
import { ulid } from '../api/ulid';
import { words } from '../words/en';
import type { Browse } from './browse.svelte';
import { Bulk, type Deed, type What } from './bulk.svelte';
import type { Toasts } from './toasts.svelte';

/** What the dialog is open for. */
export interface Asked {
  what: What;
  act: Bulk;
  score?: number;
}

export interface Around {
  browse: Browse;
  toasts: Toasts;
  /** Nobody while the collection is open for reading only. */
  reviewer: () => string | undefined;
  /** Anything may have changed. */
  changed: () => void;
}

export class Many {
  asked = $state.raw<Asked | undefined>();

  #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Opens the dialog for what is selected, or else for all that match. */
  open(what: What, score?: number): void {
    const { browse, toasts, reviewer } = this.#around;
    const by = reviewer();
    if (by === undefined) return toasts.tell(words.toast.readOnly);
    const { rows, selection } = browse;
    const { q, sort, view } = rows;
    const isSome = selection.count > 0 && !selection.isAll;
    const scope = { q, sort, view, ...(isSome ? { ranges: selection.ranges.list } : {}) };
    const act = new Bulk(scope, by);
    this.asked = { what, act, ...(score === undefined ? {} : { score }) };
  }

  hear(progress: BulkProgress): void {
    this.asked?.act.hear(progress);
  }

  /** Says what was done, and offers to take it back. */
  done(done: BulkDone, deed: Deed): void {
    const { browse, changed, toasts } = this.#around;
    browse.selection.clear();
    changed();
    const text = words.bulk.done[deed.what](done.count, deed.score ?? 0, deed.tags ?? []);
    const button = { label: words.toast.undo, act: () => void this.#undo(done.undo, text) };
    toasts.show({ kind: 'bulk', tone: 'plain', text, button });
    toasts.say(text);
  }

  async #undo(undo: string, what: string): Promise<void> {
    const { changed, reviewer, toasts } = this.#around;
    try {
      await api.undo({ starred_by: reviewer() ?? '', undo, id: ulid() });
      toasts.tell(words.bulk.undone(what));
      changed();
    } catch (error) {
      const text = words.bulk.undoFailed(error instanceof Error ? error.message : String(error));
      const button = { label: words.toast.retry, act: () => void this.#undo(undo, what) };
      toasts.show({ kind: 'bulk', tone: 'error', text, button });
    }
  }
}
