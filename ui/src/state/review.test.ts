// Stars as they are shown, sent, acknowledged, refused, retried and undone.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import type { Row, Star, StarRequest } from '../api/types';
import { Review, type Target, withStar, withStars } from './review.svelte';

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

// A server one answers for by hand, one call at a time.
function make() {
  const calls: { kind: 'star' | 'unstar'; body: unknown; answer: (e?: Error) => void }[] = [];
  const call = (kind: 'star' | 'unstar', body: unknown) =>
    new Promise<{ star: Partial<Star> }>((resolve, reject) => {
      calls.push({ kind, body, answer: (e) => (e ? reject(e) : resolve({ star: {} })) });
    });
  let row: Row = { row: 0, custom_id: 'q-1', name: 'Ada', tags: [], outputs: [], stars: [] };
  const failed: { error: ApiError; retry: () => void }[] = [];
  let kept = 0;
  let collection = 'here';
  let whole = true;
  const review = new Review(
    () => 'me',
    {
      starred: vi.fn(),
      unstarred: vi.fn(),
      failed: (_act, error, retry) => failed.push({ error, retry }),
      kept: () => kept++,
      saved: (t, s, by) => (row = withStar(row, t, s, by)),
    },
    { star: (body) => call('star', body), unstar: (query) => call('unstar', query) },
    () => ({ collection, whole }),
  );
  const shown = () => review.starsOf(row).map((s) => s.quality_score);
  const settle = async (error?: Error) => {
    const next = calls.shift();
    next?.answer(error);
    for (let i = 0; i < 12; i++) await Promise.resolve();
    return next;
  };
  const serve = (name: string, all = true) => ([collection, whole] = [name, all]);
  return { review, calls, failed, shown, settle, serve, row: () => row, kept: () => kept };
}

let it_: ReturnType<typeof make>;
beforeEach(() => {
  localStorage.clear();
  it_ = make();
});

const flush = async () => {
  for (let i = 0; i < 12; i++) await Promise.resolve();
};

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
    expect(it_.review.canUndo).toBe(false);
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
    expect(it_.review.unsaved).toEqual({ count: 1, why: 'no space left' });

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
    expect(reloaded.shown()).toEqual([9]);
    await flush();
    const second = await reloaded.settle();
    expect(second?.body).toEqual(first?.body);

    const again = make();
    again.review.resume();
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
    await it_.settle(new ApiError(404, {}));
    it_.review.unstar({ ...target, custom_id: 'q-2', choice: 1 }, star(3));
    await flush();
    await it_.settle(new ApiError(404, {}));
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
  it('does not take the star before for the one that was refused', async () => {
    const other = { ...target, custom_id: 'q-0' };
    it_.review.star(other, judged(5), undefined);
    await flush();
    await it_.settle();
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle(new ApiError(400, {}));
    expect(it_.review.takeRefused()).toEqual(target);
    expect(it_.review.takeRefused()).toBeUndefined();
    expect(it_.review.undo()).toEqual(other);
  });

  it('takes a new star away', async () => {
    it_.review.star(target, judged(9), undefined);
    await flush();
    await it_.settle();
    expect(it_.review.undo()).toEqual(target);
    expect(it_.shown()).toEqual([]);
    await flush();
    const sent = await it_.settle();
    expect(sent?.kind).toBe('unstar');
    expect(sent?.body).toEqual({ custom_id: 'q-1', model: 'm', choice: 0, starred_by: 'me' });
    expect(it_.row().stars).toEqual([]);
    expect(it_.review.undo()).toBeUndefined();
  });

  it('puts the former star back, under a new id', async () => {
    const former = { ...star(5), tags: ['old'], id: 'OLD' };
    it_.review.star(target, judged(9), former);
    await flush();
    await it_.settle();
    it_.review.undo();
    await flush();
    const sent = await it_.settle();
    expect(sent?.kind).toBe('star');
    expect(sent?.body).toMatchObject({ quality_score: 5, tags: ['old'] });
    expect((sent?.body as StarRequest).id).not.toBe('OLD');
  });

  it('puts back what unstar took', async () => {
    it_.review.unstar(target, star(8));
    await flush();
    await it_.settle();
    it_.review.undo();
    expect(it_.shown()).toEqual([8]);
  });

  it('takes it as done when the star is gone already', async () => {
    it_.review.unstar(target, star(8));
    await flush();
    await it_.settle(new ApiError(404, {}));
    expect(it_.failed).toEqual([]);
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
