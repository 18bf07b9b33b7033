// What the server has not acknowledged yet, kept in the browser's database so that neither a reload nor a closed tab
// loses any of it.
import type { Star } from '../api/types';
import type { BlindPlace } from '../api/veil';
import type { Target } from './stars';

/** What a reviewer did in one go: a star given or taken, or such an act taken back or done again. */
export interface Act {
  /** A ULID: its order, and what makes a second sending harmless. */
  id: string;
  /** The collection it belongs to: another one may be served at the same address later. */
  collection: string;
  target: Target;
  /** My star afterwards; nothing when it is taken back. */
  star?: Star;
  /** My star before the act, to which undo returns. */
  before?: Star;
  /** Who acts: the name may be changed while the act is under way. */
  by: string;
  /** Whether it comes from the dialog, to which it returns when refused. */
  typed?: boolean;
  /** The act that it takes back. */
  undoes?: string;
  /** The act that it does again. */
  redoes?: string;
  /** How the output stood before me: where, without its model's name, and whether for the second time. */
  seen?: Seen;
  /** Whether only the server knows what the output's star is afterwards. */
  blind?: boolean;
}

export interface Seen {
  blind?: BlindPlace;
  reshown?: true;
}

const OLD_PLACE = 'goldstar.unsent';
const BASE = 'goldstar';
const STORE = 'unsent';

export class Unsent {
  /** Whether what is kept outlives the page: some browsers forbid it in private windows. */
  lasts = true;
  #memory = new Map<string, Act>();
  #base: Promise<IDBDatabase | undefined> | undefined;

  /** The acts left by this or another life of the page, oldest first. */
  async of(collection: string): Promise<Act[]> {
    const kept = (await this.#ask('readonly', (store) => store.getAll())) ?? [];
    const acts = new Map(
      [...(kept as unknown[]).filter(isAct), ...this.#memory.values()].map(byId),
    );
    return [...acts.values()]
      .filter((act) => act.collection === collection)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async has(id: string): Promise<boolean> {
    if (this.#memory.has(id)) return true;
    return (await this.#ask('readonly', (store) => store.getKey(id))) !== undefined;
  }

  async put(act: Act): Promise<void> {
    // A plain copy: what Svelte watches cannot be put into the database.
    const plain = JSON.parse(JSON.stringify(act)) as Act;
    const key = await this.#ask('readwrite', (store) => store.put(plain));
    if (key === undefined) this.#memory.set(act.id, plain);
  }

  async drop(id: string): Promise<void> {
    this.#memory.delete(id);
    await this.#ask('readwrite', (store) => store.delete(id));
  }

  /** The answer of one transaction that is on the disk; undefined when the browser does not give one. */
  async #ask<T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | undefined> {
    const base = await (this.#base ??= this.#open());
    if (!base) return undefined;
    return new Promise((resolve) => {
      try {
        const work = base.transaction(STORE, mode);
        const request = ask(work.objectStore(STORE));
        work.oncomplete = () => resolve(request.result);
        work.onabort = () => resolve(undefined);
      } catch {
        resolve(undefined);
      }
    });
  }

  async #open(): Promise<IDBDatabase | undefined> {
    const base = await opened();
    this.lasts = base !== undefined;
    const old = remembered();
    if (base && old.length > 0) {
      const work = base.transaction(STORE, 'readwrite');
      for (const act of old) work.objectStore(STORE).put(act);
      work.oncomplete = () => localStorage.removeItem(OLD_PLACE);
    } else {
      for (const act of old) this.#memory.set(act.id, act);
    }
    return base;
  }
}

function opened(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(BASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}

/** What earlier versions of the page wrote down elsewhere. */
function remembered(): Act[] {
  try {
    const noted: unknown = JSON.parse(localStorage.getItem(OLD_PLACE) ?? '[]');
    return Array.isArray(noted) ? noted.filter(isAct) : [];
  } catch {
    return [];
  }
}

const byId = (act: Act) => [act.id, act] as const;

function isAct(noted: unknown): noted is Act {
  const act = noted as Act | null;
  return (
    typeof act?.id === 'string' &&
    typeof act.collection === 'string' &&
    typeof act.by === 'string' &&
    typeof act.target?.custom_id === 'string'
  );
}
