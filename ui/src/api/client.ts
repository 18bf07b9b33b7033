// The server's calls, one short function each; whatever goes wrong arrives as one ApiError.
import createClient from 'openapi-fetch';
import { words } from '../words/en';
import type { BulkBody, ExportQuery, paths, Problem, StarRequest, Status } from './types';
import { Veil, without } from './veil';

const PATIENCE_MS = 10_000;

export class ApiError extends Error {
  /** 0 when the server could not be reached at all. */
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail || problem.title || words.error.unknown(status));
    this.status = status;
    this.problem = problem;
  }
}

/** Whether the error only says that the page itself gave the request up. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

let tellSignedOut = () => {};
/** What to do when the server wants to know who one is. */
export const onSignedOut = (tell: () => void) => void (tellSignedOut = tell);

let reviewer = (): string => '';
/** Who reviews, for what is answered to each in another way. */
export const reviewedBy = (who: () => string) => void (reviewer = who);

// The global fetch is looked up at each call, so that a test can put its own in place.
const http = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request) => fetch(request),
});

/** Names of models go through here, in and out: where they are hidden, the page never has them. */
export const veil = new Veil();

const by = () => ({ reviewer: reviewer() });

/** An answer as the page may see it. */
async function seen<T>(call: Promise<T>, hidden: (answer: T) => T | Promise<T>): Promise<T> {
  const answer = await call;
  await veil.ready;
  return veil.on ? hidden(answer) : answer;
}

/** What is sent names the model again; of a record that the page does not know any more it is asked. */
async function meant<B extends { custom_id: string; model?: string; starred_by?: string }>(
  body: B,
): Promise<B> {
  await veil.ready;
  if (!veil.on || body.model === undefined) return body;
  if (!veil.knows(body)) await api.record(body.custom_id);
  return { ...body, model: veil.model(body.custom_id, body.model, body.starred_by) };
}

export const api = {
  status: async (): Promise<Status> =>
    veil.status(await ok(http.GET('/api/status', { params: { query: by() }, signal: patience() }))),

  records: (q: string, sort: string, offset: number, limit: number, signal?: AbortSignal) =>
    seen(
      ok(
        http.GET('/api/records', {
          params: { query: { q, sort, offset, limit, ...by() } },
          signal,
        }),
      ),
      (page) => veil.page(page),
    ),

  // Browsers take `.` and `..` in an address for folders, however they are encoded.
  record: (custom_id: string, signal?: AbortSignal) =>
    /^\.{1,2}$/.test(custom_id)
      ? Promise.reject(new ApiError(0, { detail: words.error.dotId(custom_id) }))
      : seen(
          ok(
            http.GET('/api/records/{custom_id}', {
              params: { path: { custom_id }, query: by() },
              signal,
            }),
          ),
          (detail) => veil.record(detail),
        ),

  star: async (asked: StarRequest) => {
    const body = await meant(asked);
    const answer = await ok(http.POST('/api/gold-star', { body, signal: patience() }));
    return { star: { starred_at: answer.star.starred_at } };
  },

  unstar: async (asked: {
    custom_id: string;
    model?: string;
    choice?: number;
    starred_by?: string;
    id?: string;
  }) => {
    const query = await meant(asked);
    return ok(http.DELETE('/api/gold-star', { params: { query }, signal: patience() }));
  },

  acts: (starred_by: string, limit: number) =>
    seen(ok(http.GET('/api/acts', { params: { query: { starred_by, limit, ...by() } } })), (acts) =>
      veil.acts(acts, (custom_id) => api.record(custom_id)),
    ),

  undo: (body: { starred_by?: string; undo?: string; id?: string }) =>
    seen(ok(http.POST('/api/undo', { body, signal: patience() })), (all) => veil.turned(all)),

  redo: (body: { starred_by?: string; redo?: string; id?: string }) =>
    seen(ok(http.POST('/api/redo', { body, signal: patience() })), (all) => veil.turned(all)),

  /** The next record in the view without a star: from a row on, or from the view's end; with `reshow` one may come again. */
  next: (q: string, sort: string, from: number | undefined, direction: 1 | -1, reshow = false) =>
    ok(
      http.GET('/api/next', {
        params: { query: { q, sort, from, direction, ...(reshow ? { reshow } : {}), ...by() } },
      }),
    ),

  /** Claims a record; `unreviewed`: only if nobody was faster. */
  claim: (custom_id: string, starred_by: string, unreviewed: boolean) =>
    ok(
      http.POST('/api/claim', { body: { custom_id, starred_by, unreviewed }, signal: patience() }),
    ),

  /** Where a record stands in the view. */
  position: (q: string, sort: string, custom_id: string) =>
    ok(http.GET('/api/position', { params: { query: { q, sort, custom_id, ...by() } } })),

  bulk: (body: BulkBody) =>
    ok(http.POST('/api/gold-star/bulk', { body: veil.on ? veil.bulk(body) : body })),

  bulkCount: (asked: BulkBody, signal?: AbortSignal) => {
    const body = veil.on ? veil.bulk(asked) : asked;
    const count = ok(http.POST('/api/gold-star/bulk/count', { body, signal }));
    return seen(count, ({ sample, ...rest }) => ({
      ...rest,
      sample: sample.map((one) => without(one, 'model')),
    }));
  },

  cancelBulk: (id: string) =>
    ok(http.DELETE('/api/gold-star/bulk/{id}', { params: { path: { id } } })),

  exportCount: (query: ExportQuery, signal?: AbortSignal) =>
    ok(http.GET('/api/export-gold-star/count', { params: { query }, signal })),

  tags: (prefix: string, signal?: AbortSignal) =>
    ok(http.GET('/api/tags', { params: { query: { prefix, ...by() } }, signal })),

  /** With a model, characters and tokens are those of its outputs. */
  facets: (q: string, signal?: AbortSignal, model?: string) =>
    seen(
      ok(
        http.GET('/api/facets', {
          params: { query: { q, ...(model ? { model } : {}), ...by() } },
          signal,
        }),
      ),
      veil.facets,
    ),

  stats: (q: string, signal?: AbortSignal) =>
    seen(ok(http.GET('/api/stats', { params: { query: { q, ...by() } }, signal })), veil.stats),

  pairs: (q: string, x: string, y: string, signal?: AbortSignal) =>
    ok(http.GET('/api/stats/pairs', { params: { query: { q, x, y, ...by() } }, signal })),

  agreement: (q: string, signal?: AbortSignal) =>
    seen(ok(http.GET('/api/agreement', { params: { query: { q, ...by() } }, signal })), (all) =>
      veil.agreement(all),
    ),

  /** What sways scores. */
  bias: (q: string, signal?: AbortSignal) =>
    ok(http.GET('/api/bias', { params: { query: { q, ...by() } }, signal })),

  tagging: (q: string, signal?: AbortSignal) =>
    ok(http.GET('/api/agreement/tags', { params: { query: { q, ...by() } }, signal })),

  /** Who reviews what, and how far they are. */
  assignments: (signal?: AbortSignal) =>
    ok(http.GET('/api/assignments', { params: { query: by() }, signal })),

  blemishes: () => ok(http.GET('/api/blemishes')),
};

// A server that does not answer is as good as away; what is sent again carries the same id.
const patience = () => AbortSignal.timeout(PATIENCE_MS);

type Answer<T> = { data?: T; error?: unknown; response: Response };

async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (isAbort(error)) throw error;
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new ApiError(0, { detail: late ? words.error.late : words.error.unreachable });
  }
  if (answer.response.ok && answer.data !== undefined) return answer.data;
  if (answer.response.status === 401) tellSignedOut();
  throw new ApiError(answer.response.status, problemOf(answer.error));
}

// A proxy may answer with a page or with nothing; only an object can be a problem document.
function problemOf(error: unknown): Partial<Problem> {
  if (typeof error !== 'object' || error === null) return {};
  const { detail, ...rest } = error as Partial<Problem>;
  return detail === undefined ? rest : { ...rest, detail: veil.text(String(detail)) };
}
