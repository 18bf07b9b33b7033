// What undo and redo are for after any row of acts, against a plain model of two stacks.
import { expect, it } from 'vitest';
import type { Decision } from '../api/types';
import { after, decisionsOf, nextRedo, nextUndo, NO_DECISIONS } from './decisions';
import type { Act } from './unsent';

const target = { custom_id: 'q', name: 'Ada', model: 'm', choice: 0 };
const act = (id: string, turn: Partial<Act> = {}): Act => ({
  ...{ id, collection: 'here', target, by: 'me' },
  ...turn,
});
const said = (id: string, is_undone = false) => ({ id, is_undone }) as Decision;

it('follows any row of acts, undos and redos as two stacks do', () => {
  let seed = 1;
  const chance = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 50; round++) {
    let now = NO_DECISIONS;
    const [done, undone]: [string[], string[]] = [[], []];
    for (let i = 0; i < 60; i++) {
      const turn = chance(3);
      if (turn === 0) {
        now = after(now, act(`a${i}`));
        done.push(`a${i}`);
        undone.length = 0;
      } else if (turn === 1 && done.length > 0) {
        now = after(now, act(`u${i}`, { undoes: done.at(-1) }));
        undone.push(done.pop()!);
      } else if (turn === 2 && undone.length > 0) {
        now = after(now, act(`r${i}`, { redoes: undone.at(-1) }));
        done.push(undone.pop()!);
      }
      expect(nextUndo(now)?.id).toBe(done.at(-1));
      expect(nextRedo(now)?.id).toBe(undone.at(-1));
    }
  }
});

it('takes over from the server what can be done again', () => {
  const now = decisionsOf({ acts: [said('c', true), said('b', true), said('a')], redo: 'b' });
  expect(nextUndo(now)?.id).toBe('a');
  expect(nextRedo(now)?.id).toBe('b');
  expect(nextRedo(after(now, act('x', { redoes: 'b' })))?.id).toBe('c');
  expect(nextRedo(decisionsOf({ acts: [said('c', true), said('a')] }))).toBeUndefined();
});

it('tells what an act was for', () => {
  const star = { quality_score: 8, tags: ['t'], notes: 'n', starred_at: 'now' };
  const now = after(NO_DECISIONS, act('a', { star: star as Act['star'] }));
  expect(now.acts).toMatchObject([
    { id: 'a', what: 'star', count: 1, name: 'Ada', model: 'm', quality_score: 8, tags: ['t'] },
  ]);
});
