// Stars as they are shown, sent, acknowledged, refused, retried, taken back and done again.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import type { RecordDetail, Row, Star, StarRequest, Turned } from '../api/types';
import type { Conflict } from './conflicts.svelte';
import { Review } from './review.svelte';
import { type Target, withStar, withStars } from './stars';
import { Unsent } from './unsent';

const target: Target = { custom_id: 'q-1', name: 'Ada', model: 'm', choice: 0 };
const judged = (score: number) => ({ score, tags: ['a'], notes: 'n' });

function star(score: number, by = 'me', model = 'm'): Star {
  return {
    model,
    choice: 0,
    quality_score: score,
    tags: [],
    notes: '',
    starred_by: by,
    starred_at: '2026-01-01T00:00:00Z',
    kind: 'human',
    stale: false,
  };
}

// What this browser keeps, whichever life of the page it is.
let unsent = new Unsent();

type Kind = 'star' | 'unstar' | 'undo' | 'redo';

// A server one answers for by hand, one call at a time.
function make() {
  const calls: { kind: Kind; body: unknown; answer: (e?: Error) => void }[] = [];
  const call = <T>(kind: Kind, body: unknown, good: T) =>
    new Promise<T>((resolve, reject) => {
      calls.push({ kind, body, answer: (e) => (e ? reject(e) : resolve(good)) });
    });
  let row: Row = { row: 0, custom_id: 'q-1', name: 'Ada', tags: [], outputs: [], stars: [] };
  const failed: { error: ApiError; retry: () => void }[] = [];
  const conflicts: Conflict[] = [];
  const elsewhere: string[] = [];
  const turned: string[] = [];
  let kept = 0;
  let collection = 'here';
  let whole = true;
  let by: string | undefined;
  let there: Star[] = [];
  const answer = { act: { count: 1 }, id: '', changed: [] } as unknown as Turned;
  const review = new Review(
    () => 'me',
    {
      starred: vi.fn(),
      unstarred: vi.fn(),
      failed: (_act, error, retry) => failed.push({ error, retry }),
      kept: () => kept++,
      saved: (act, s) => (row = withStar(row, act.target, s, act.by)),
      turned: (act) => {
        row = withStar(row, act.target, act.star, act.by);
        turned.push((act.undoes ?? act.redoes)!);
      },
      elsewhere: (id) => elsewhere.push(id),
      conflict: (conflict) => conflicts.push(conflict),
    },
    {
      record: async () => ({ stars: there }) as unknown as RecordDetail,
      star: (body) => call('star', body, { star: {} }),
      unstar: (query) => call('unstar', query, {}),
      undo: (body) => call('undo', body, answer),
      redo: (body) => call('redo', body, answer),
    },
    () => ({ collection, whole, by }),
    unsent,
  );
  const shown = () => review.starsOf(row).map((s) => s.quality_score);
  const settle = async (error?: Error) => {
    const next = calls.shift();
    next?.answer(error);
    await flush();
    return next;
  };
  const serve = (name: string, all = true) => ([collection, whole] = [name, all]);
  const signIn = (name: string) => (by = name);
  const judge = (stars: Star[]) => (there = stars);
  return {
    ...{ review, calls, failed, shown, settle, serve, signIn, judge, conflicts, elsewhere, turned },
    row: () => row,
    kept: () => kept,
  };
}

let it_: ReturnType<typeof make>;
beforeEach(() => {
  localStorage.clear();
  unsent = new Unsent();
  it_ = make();
});

/** Until nothing is left to be done but by the server. */
const flush = () => new Promise((done) => setImmediate(done));

describe('a star', () => {
  it('is shown at once and stays when acknowledged', async () => {
    it_.review.star(target, judged(9), undefined);
    expect(it_.shown()).toEqual([9]);
    expect(it_.row().stars).toEqual([]);
    await flush();
    const sent = await it_.settle();
    expect(sent?.body).toMatchObject({
      custom_id: 'q-1',
      model: 'm',
      choice: 0,
      quality_score: 9,
      tags: ['a'],
      notes: 'n',
      starred_by: 'me',
      kind: 'human',
    });
    expect((sent?.body as StarRequest).id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(it_.shown()).toEqual([9]);
    expect(it_.row().stars).toHaveLength(1);
  });

  it('is rolled back when refused, and told of with the reason', async () => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle(new ApiError(400, { detail: 'too long' }));
    expect(it_.shown()).toEqual([]);
    expect(it_.failed[0]?.error.message).toBe('too long');
    expect(it_.review.underWay('me')).toEqual([]);
  });

  it('is sent again under the same id after a refusal', async () => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    const first = await it_.settle(new ApiError(400, {}));
    it_.failed[0]?.retry();
    expect(it_.shown()).toEqual([9]);
    await flush();
    const second = await it_.settle();
    expect((second?.body as StarRequest).id).toBe((first?.body as StarRequest).id);
    expect(it_.shown()).toEqual([9]);
  });

  it('replaces my own but no one else’s', async () => {
    const row = { custom_id: 'q-1', stars: [star(5), star(6, 'alice'), star(7, 'me', 'other')] };
    it_.review.star(target, judged(9), row.stars[0]);
    const shown = it_.review
      .starsOf(row)
      .map((s) => `${s.starred_by} ${s.model} ${s.quality_score}`);
    expect(shown).toEqual(['alice m 6', 'me other 7', 'me m 9']);
  });
});

describe('two stars on one output', () => {
  it('go out one after the other, the last one shown', async () => {
    it_.review.star(target, judged(9), undefined);
    it_.review.star(target, judged(4), undefined);
    expect(it_.shown()).toEqual([4]);
    await flush();
    expect(it_.calls).toHaveLength(1);
    await it_.settle();
    expect(it_.shown()).toEqual([4]);
    expect(it_.calls).toHaveLength(1);
    await it_.settle();
    expect(it_.shown()).toEqual([4]);
  });

  it('fall back to the first when the second is refused', async () => {
    it_.review.star(target, judged(9), undefined);
    it_.review.star(target, judged(4), undefined);
    await flush();
    await it_.settle();
    await it_.settle(new ApiError(400, {}));
    expect(it_.shown()).toEqual([9]);
  });
});

describe('a star that could not be sent', () => {
  it.each([0, 500, 507])('stays, is counted, and goes again under its id (%i)', async (status) => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    const first = await it_.settle(new ApiError(status, { detail: 'no space left' }));
    expect(it_.shown()).toEqual([9]);
    expect(it_.row().stars).toEqual([]);
    expect(it_.failed).toEqual([]);
    expect(it_.kept()).toBe(1);
    expect(it_.review.isUnsaved('q-1')).toBe(true);
    expect(it_.review.unsaved).toMatchObject({ count: 1, why: 'no space left' });

    it_.review.retry();
    it_.review.retry();
    await flush();
    expect(it_.calls).toHaveLength(1);
    const second = await it_.settle();
    expect((second?.body as StarRequest).id).toBe((first?.body as StarRequest).id);
    expect(it_.row().stars).toHaveLength(1);
    expect(it_.review.isUnsaved('q-1')).toBe(false);
    expect(it_.review.unsaved.count).toBe(0);
  });

  it('loses none of ten', async () => {
    for (let i = 0; i < 10; i++) {
      it_.review.star({ ...target, custom_id: `r-${i}` }, judged(8), undefined);
    }
    await flush();
    while (it_.calls.length > 0) await it_.settle(new ApiError(0, {}));
    expect(it_.review.unsaved.count).toBe(10);
    it_.review.retry();
    await flush();
    const sent: unknown[] = [];
    while (it_.calls.length > 0) sent.push((await it_.settle())?.body);
    expect(new Set(sent.map((body) => (body as StarRequest).custom_id)).size).toBe(10);
    expect(it_.review.unsaved.count).toBe(0);
  });

  it('goes before a later one on the same record', async () => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle(new ApiError(0, {}));
    it_.review.star(target, judged(4), undefined);
    await flush();
    const scores: number[] = [];
    while (it_.calls.length > 0) {
      scores.push(((await it_.settle())?.body as StarRequest).quality_score);
    }
    expect(scores).toEqual([9, 4]);
    expect(it_.shown()).toEqual([4]);
  });

  it('is there after a reload, until it is acknowledged', async () => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    const first = await it_.settle(new ApiError(0, {}));

    const reloaded = make();
    reloaded.review.resume();
    await flush();
    expect(reloaded.shown()).toEqual([9]);
    const second = await reloaded.settle();
    expect(second?.body).toEqual(first?.body);

    const again = make();
    again.review.resume();
    await flush();
    expect(again.shown()).toEqual([]);
    expect(again.calls).toEqual([]);
  });

  it('never goes to another collection', async () => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle(new ApiError(0, {}));

    const other = make();
    other.serve('elsewhere');
    other.review.resume();
    await flush();
    expect(other.shown()).toEqual([]);

    it_.serve('elsewhere');
    it_.review.retry();
    await flush();
    expect(it_.calls).toEqual([]);
    expect(it_.review.unsaved.count).toBe(1);
  });

  it('waits while the server still reads the batches and does not know the record', async () => {
    it_.serve('here', false);
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle(new ApiError(503, {}));
    it_.review.unstar({ ...target, custom_id: 'q-2', choice: 1 }, star(3));
    await flush();
    await it_.settle(new ApiError(503, {}));
    expect(it_.failed).toEqual([]);
    expect(it_.review.unsaved.count).toBe(2);

    it_.serve('here');
    it_.review.retry();
    await flush();
    await it_.settle();
    await it_.settle(new ApiError(404, {}));
    expect(it_.review.unsaved.count).toBe(0);
    expect(it_.row().stars).toHaveLength(1);
  });

  it('is left to the tab that was faster', async () => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle(new ApiError(0, {}));
    const tab = make();
    tab.review.resume();
    await flush();
    await tab.settle(new ApiError(0, {}));
    it_.review.retry();
    await flush();
    await it_.settle();
    tab.review.retry();
    await flush();
    expect(tab.calls).toEqual([]);
    expect(tab.review.unsaved.count).toBe(0);
  });
});

describe('undo', () => {
  const give = async (score: number, before?: Star) => {
    it_.review.star(target, judged(score), before);
    await flush();
    const sent = (await it_.settle())?.body as StarRequest;
    return sent.id!;
  };

  it('does not take the star before for the one that was refused', async () => {
    await give(5);
    it_.review.star({ ...target, custom_id: 'q-2' }, judged(9), undefined);
    await flush();
    await it_.settle(new ApiError(400, {}));
    expect(it_.review.takeRefused()).toMatchObject({ custom_id: 'q-2' });
    expect(it_.review.takeRefused()).toBeUndefined();
  });

  it('is shown at once and names the act', async () => {
    const id = await give(9);
    it_.review.turn('undoes', id, target, 'me');
    expect(it_.shown()).toEqual([]);
    expect(it_.row().stars).toHaveLength(1);
    await flush();
    const sent = await it_.settle();
    expect(sent?.kind).toBe('undo');
    expect(sent?.body).toMatchObject({ starred_by: 'me', undo: id });
    expect(it_.turned).toEqual([id]);
    expect(it_.row().stars).toEqual([]);
  });

  it('shows the former star again, and redo the later one', async () => {
    const former = { ...star(5), tags: ['old'], id: 'OLD' };
    const id = await give(9, former);
    it_.review.turn('undoes', id, target, 'me');
    expect(it_.shown()).toEqual([5]);
    it_.review.turn('redoes', id, target, 'me');
    expect(it_.shown()).toEqual([9]);
    await flush();
    expect(it_.calls.map(({ kind }) => kind)).toEqual(['undo']);
    await it_.settle();
    expect((await it_.settle())?.body).toMatchObject({ redo: id });
  });

  it('waits for the act that it takes back', async () => {
    it_.review.star(target, judged(9), undefined);
    const [act] = it_.review.underWay('me');
    it_.review.turn('undoes', act!.id, target, 'me');
    await flush();
    expect(it_.calls.map(({ kind }) => kind)).toEqual(['star']);
    await it_.settle();
    expect(it_.calls.map(({ kind }) => kind)).toEqual(['undo']);
  });

  it('keeps the order of all acts, those on other records, too', async () => {
    const other = { ...target, custom_id: 'q-2' };
    it_.review.star(target, judged(9), undefined);
    const [act] = it_.review.underWay('me');
    it_.review.star(other, judged(8), undefined);
    it_.review.turn('undoes', act!.id, target, 'me');
    it_.review.star({ ...target, custom_id: 'q-3' }, judged(7), undefined);
    await flush();
    expect(it_.calls.map(({ kind }) => kind)).toEqual(['star', 'star']);
    await it_.settle();
    expect(it_.calls.map(({ kind }) => kind)).toEqual(['star']);
    await it_.settle();
    expect(it_.calls.map(({ kind }) => kind)).toEqual(['undo']);
    await it_.settle();
    expect(it_.calls.map(({ kind }) => kind)).toEqual(['star']);
  });

  it('of an act of an earlier life shows what the server answers', async () => {
    it_.review.turn('undoes', 'EARLIER', target, 'me');
    expect(it_.shown()).toEqual([]);
    await flush();
    await it_.settle();
    expect(it_.turned).toEqual(['EARLIER']);
  });

  it('outlives a reload together with its act, and goes out behind it', async () => {
    it_.review.star(target, judged(9), undefined);
    const [act] = it_.review.underWay('me');
    it_.review.turn('undoes', act!.id, target, 'me');
    await flush();
    await it_.settle(new ApiError(0, {}));
    const reloaded = make();
    reloaded.review.resume();
    await flush();
    expect(reloaded.shown()).toEqual([]);
    expect((await reloaded.settle())?.kind).toBe('star');
    expect((await reloaded.settle())?.body).toMatchObject({ undo: act!.id });
  });

  it('takes it as done when the star to be taken is gone already', async () => {
    it_.review.unstar(target, star(8));
    await flush();
    await it_.settle(new ApiError(404, {}));
    expect(it_.failed).toEqual([]);
  });
});

describe('a star that was kept', () => {
  const keepOne = async () => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    const sent = await it_.settle(new ApiError(0, {}));
    return (sent?.body as StarRequest).id!;
  };

  it('is not put over a later one of mine unseen', async () => {
    await keepOne();
    it_.judge([{ ...star(4), id: 'TAB' }]);
    it_.review.retry();
    await flush();
    expect(it_.calls).toEqual([]);
    expect(it_.conflicts).toMatchObject([
      { kind: 'mine', mine: { quality_score: 9 }, theirs: { quality_score: 4 } },
    ]);
    // Asking again brings no second question and sends nothing.
    it_.review.retry();
    await flush();
    expect(it_.conflicts).toHaveLength(1);
    expect(it_.calls).toEqual([]);
  });

  it('is sent when I say so', async () => {
    const id = await keepOne();
    it_.judge([{ ...star(4), id: 'TAB' }]);
    it_.review.retry();
    await flush();
    it_.conflicts[0]!.keep!();
    await flush();
    expect((await it_.settle())?.body).toMatchObject({ id, quality_score: 9 });
    expect(it_.review.underWay('me')).toEqual([]);
  });

  it('is forgotten for good when I prefer the other', async () => {
    await keepOne();
    it_.judge([{ ...star(4), id: 'TAB' }]);
    it_.review.retry();
    await flush();
    it_.conflicts[0]!.drop!();
    await flush();
    expect(await unsent.of('here')).toEqual([]);
    it_.review.retry();
    await flush();
    expect(it_.calls).toEqual([]);
    expect(it_.elsewhere).toEqual(['q-1']);
  });

  it('is no conflict when it was written and only the answer was lost', async () => {
    const id = await keepOne();
    it_.judge([{ ...star(9), id }]);
    it_.review.retry();
    await flush();
    expect(it_.conflicts).toEqual([]);
    expect((await it_.settle())?.body).toMatchObject({ id });
  });

  it('is sent beside that of another reviewer, and both are shown', async () => {
    await keepOne();
    it_.judge([{ ...star(6, 'alice'), starred_at: '2999-01-01T00:00:00Z' }]);
    it_.review.retry();
    await flush();
    expect((await it_.settle())?.kind).toBe('star');
    expect(it_.conflicts).toMatchObject([
      { kind: 'both', theirs: { starred_by: 'alice' }, mine: { quality_score: 9 } },
    ]);
  });
});

describe('a row with other stars', () => {
  const row: Row = {
    row: 0,
    custom_id: 'q-1',
    name: '',
    score: 3,
    tags: ['x'],
    outputs: [],
    stars: [],
  };

  it('has their mean score and all their tags, each once', () => {
    const stars = [
      { ...star(8), tags: ['a', 'b'] },
      { ...star(9, 'alice'), tags: ['b'] },
    ];
    expect(withStars(row, stars)).toMatchObject({ score: 8.5, tags: ['a', 'b'] });
  });

  it('has no score without any', () => {
    expect(withStars(row, [])).not.toHaveProperty('score');
  });
});

describe('signing in', () => {
  it.each([
    new ApiError(401, {}),
    new ApiError(403, { errors: [{ field: 'starred_by', detail: 'names another one' }] }),
  ])('a star waits for its own name: %s', async (refusal) => {
    it_.signIn('me');
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle(refusal);
    expect([it_.failed.length, it_.kept(), it_.shown()]).toEqual([0, 1, [9]]);
    it_.signIn('bo');
    it_.review.retry();
    await flush();
    expect(it_.calls).toEqual([]);
    it_.signIn('me');
    it_.review.retry();
    await flush();
    await it_.settle();
    expect([it_.row().stars.length, it_.review.unsaved.count]).toEqual([1, 0]);
  });

  it('what another one left in this browser is neither shown nor sent', async () => {
    it_.signIn('me');
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle(new ApiError(401, {}));
    const later = make();
    later.signIn('bo');
    later.review.resume();
    await flush();
    expect([later.shown(), later.calls.length, later.review.unsaved.count]).toEqual([[], 0, 0]);
    const own = make();
    own.signIn('me');
    own.review.resume();
    await flush();
    expect([own.shown(), own.calls.length]).toEqual([[9], 1]);
  });
});
