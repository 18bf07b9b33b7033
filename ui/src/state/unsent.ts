// What the server has not acknowledged yet, noted in the browser so that a reload or a closed tab loses none of it.
import type { Star } from '../api/types';

export interface Target {
  custom_id: string;
  name: string;
  model?: string;
  choice: number;
}

/** One star given or taken. */
export interface Act {
  id: string;
  /** The collection it belongs to: another one may be served at the same address later. */
  collection: string;
  target: Target;
  /** Nothing when my star is taken back. */
  star?: Star;
  /** My star before the act, to which undo returns. */
  before?: Star;
  /** Who acts: the name may be changed while the act is under way. */
  by: string;
  /** Whether it comes from the dialog, to which it returns when refused. */
  typed?: boolean;
}

const PLACE = 'goldstar.unsent';

export class Unsent {
  /** The acts left by an earlier life of the page, oldest first. */
  of(collection: string): Act[] {
    return read().filter((act) => act.collection === collection);
  }

  has(id: string): boolean {
    return read().some((act) => act.id === id);
  }

  put(act: Act): void {
    write([...read().filter(({ id }) => id !== act.id), act]);
  }

  drop(id: string): void {
    write(read().filter((act) => act.id !== id));
  }
}

// Another tab may have written in between, so the list is read anew for every change.
function read(): Act[] {
  try {
    const noted: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return Array.isArray(noted) ? noted.filter(isAct) : [];
  } catch {
    return [];
  }
}

function write(acts: Act[]): void {
  try {
    if (acts.length > 0) localStorage.setItem(PLACE, JSON.stringify(acts));
    else localStorage.removeItem(PLACE);
  } catch {
    // Storage may be full or forbidden; then a reload forgets, but the page itself still sends.
  }
}

function isAct(noted: unknown): noted is Act {
  const act = noted as Act | null;
  return (
    typeof act?.id === 'string' &&
    typeof act.collection === 'string' &&
    typeof act.by === 'string' &&
    typeof act.target?.custom_id === 'string'
  );
}
