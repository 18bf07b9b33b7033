// Outputs that were judged elsewhere while an act was on its way: both sides wait here until a person has seen them.
import type { Star } from '../api/types';
import type { Target } from './stars';

export interface Conflict {
  /** `mine`: my own star from another tab, one of the two must go. `both`: another reviewer's, both stay.
   * `undo`: the output was judged again since, so what was to be taken back stays. */
  kind: 'mine' | 'both' | 'undo';
  id: string;
  target: Target;
  /** What was done here. */
  mine: Star | undefined;
  /** What the server has. */
  theirs: Star | undefined;
  keep?: () => void;
  drop?: () => void;
}

export class Conflicts {
  list = $state.raw<Conflict[]>([]);
  open = $state(false);

  add(conflict: Conflict): void {
    if (this.list.some(({ id }) => id === conflict.id)) return;
    this.list = [...this.list, conflict];
  }

  /** Ends the first one, in favour of what was done here or of what the server has. */
  settle(mine: boolean): void {
    const [first, ...rest] = this.list;
    this.list = rest;
    if (mine) first?.keep?.();
    else first?.drop?.();
    if (rest.length === 0) this.open = false;
  }

  /** Looked at, and closed: what needs no answer goes. */
  close(): void {
    this.open = false;
    this.list = this.list.filter(({ kind }) => kind === 'mine');
  }
}
