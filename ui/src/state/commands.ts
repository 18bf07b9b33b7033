// What the palette (Ctrl+K) offers. Every row of the key table is in it by itself; anything else is offered so:
//
//     $effect(() => app.commands.offer(() => app.selection.count === 0 ? [] : [
//       { id: 'tag-selected', group: 'act', title: words.bulk.tag, run: () => app.bulk.open('tag') },
//     ]));
//
// The function is asked each time the palette opens, so it leaves out what means nothing at the moment. `action` puts
// the keys of that action beside the title; `more` is shown small and searched, too. An `id` is there once.
import type { Action } from './keys';

/** The groups in the order in which they are shown; their words are in `words.palette.groups`. */
export const groups = [
  'recent',
  'records',
  'act',
  'go',
  'filter',
  'sort',
  'columns',
  'look',
] as const;
export type Group = (typeof groups)[number];

export interface Command {
  id: string;
  group: Group;
  title: string;
  more?: string;
  action?: Action;
  run: () => void;
}

export class Commands {
  #offers = new Set<() => Command[]>();

  /** Takes a function into the palette; returns how to take it out again. */
  offer(commands: () => Command[]): () => void {
    this.#offers.add(commands);
    return () => void this.#offers.delete(commands);
  }

  list(): Command[] {
    const all = [...this.#offers].flatMap((offer) => offer());
    return groups.flatMap((group) => all.filter((command) => command.group === group));
  }
}
