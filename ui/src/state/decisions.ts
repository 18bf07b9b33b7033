// The last acts of a reviewer, newest first, and what each further act, undo or redo makes of them. Pure.
import type { Acts, Decision } from '../api/types';
import type { Act } from './unsent';

export interface Decisions {
  acts: Decision[];
  /** What could be done again, the next one last. */
  redo: string[];
}

export const NO_DECISIONS: Decisions = { acts: [], redo: [] };

const KEPT = 200;

/** What the server says: all that was taken back since the last act can be done again, the oldest first. */
export function decisionsOf({ acts, redo }: Acts): Decisions {
  if (redo === undefined) return { acts, redo: [] };
  const end = acts.findIndex((act) => !act.is_undone);
  const undone = (end < 0 ? acts : acts.slice(0, end)).map(({ id }) => id);
  return { acts, redo: [...undone.filter((id) => id !== redo), redo] };
}

export function after({ acts, redo }: Decisions, act: Act): Decisions {
  const turned = act.undoes ?? act.redoes;
  if (turned === undefined) {
    const others = acts.filter(({ id }) => id !== act.id);
    return { acts: [decisionOf(act), ...others].slice(0, KEPT), redo: [] };
  }
  const is_undone = act.undoes !== undefined;
  const rest = redo.filter((id) => id !== turned);
  return {
    acts: acts.map((other) => (other.id === turned ? { ...other, is_undone } : other)),
    redo: is_undone ? [...rest, turned] : rest,
  };
}

export const nextUndo = ({ acts }: Decisions) => acts.find((act) => !act.is_undone);

export const nextRedo = ({ acts, redo }: Decisions) => acts.find(({ id }) => id === redo.at(-1));

function decisionOf({ id, target, star, before }: Act): Decision {
  const { custom_id, name, model, choice } = target;
  const about = star ?? before;
  return {
    id,
    what: star ? 'star' : 'unstar',
    count: 1,
    // The server says when; until then the id does.
    at: star?.starred_at ?? '',
    is_undone: false,
    is_bulk: false,
    custom_id,
    name,
    ...(model === undefined ? {} : { model }),
    choice,
    quality_score: about?.quality_score ?? 0,
    tags: about?.tags ?? [],
    notes: about?.notes ?? '',
  };
}
