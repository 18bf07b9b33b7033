// The server's calls, one short function each; whatever goes wrong arrives as one ApiError.
import createClient from 'openapi-fetch';
import { isAboutMe } from '../state/mine';
import { words } from '../words/en';
import type { BulkBody, ExportQuery, paths, Problem, StarRequest } from './types';

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

/** A query, with who asks where the answer is another one for each. */
const asked = (q: string) => (isAboutMe(q) ? { q, reviewer: reviewer() } : { q });

export const api = {
  status: () => ok(http.GET('/api/status', { signal: patience() })),

  records: (q: string, sort: string, offset: number, limit: number, signal?: AbortSignal) =>
    ok(
      http.GET('/api/records', {
        params: { query: { ...asked(q), sort, offset, limit } },
        signal,
      }),
    ),

  // Browsers take `.` and `..` in an address for folders, however they are encoded.
  record: (custom_id: string, signal?: AbortSignal) =>
    /^\.{1,2}$/.test(custom_id)
      ? Promise.reject(new ApiError(0, { detail: words.error.dotId(custom_id) }))
      : ok(http.GET('/api/records/{custom_id}', { params: { path: { custom_id } }, signal })),

  star: (body: StarRequest) => ok(http.POST('/api/gold-star', { body, signal: patience() })),

  unstar: (query: {
    custom_id: string;
    model?: string;
    choice?: number;
    starred_by?: string;
    id?: string;
  }) => ok(http.DELETE('/api/gold-star', { params: { query }, signal: patience() })),

  acts: (starred_by: string, limit: number) =>
    ok(http.GET('/api/acts', { params: { query: { starred_by, limit } } })),

  undo: (body: { starred_by?: string; undo?: string; id?: string }) =>
    ok(http.POST('/api/undo', { body, signal: patience() })),

  redo: (body: { starred_by?: string; redo?: string; id?: string }) =>
    ok(http.POST('/api/redo', { body, signal: patience() })),

  /** The next record in the view without a star: from a row on, or from the view's end. */
  next: (q: string, sort: string, from: number | undefined, direction: 1 | -1) =>
    ok(
      http.GET('/api/next', {
        params: { query: { q, sort, from, direction, reviewer: reviewer() } },
      }),
    ),

  /** Claims a record; `unreviewed`: only if nobody was faster. */
  claim: (custom_id: string, starred_by: string, unreviewed: boolean) =>
    ok(
      http.POST('/api/claim', { body: { custom_id, starred_by, unreviewed }, signal: patience() }),
    ),

  /** Where a record stands in the view. */
  position: (q: string, sort: string, custom_id: string) =>
    ok(http.GET('/api/position', { params: { query: { ...asked(q), sort, custom_id } } })),

  bulk: (body: BulkBody) => ok(http.POST('/api/gold-star/bulk', { body })),

  bulkCount: (body: BulkBody, signal?: AbortSignal) =>
    ok(http.POST('/api/gold-star/bulk/count', { body, signal })),

  cancelBulk: (id: string) =>
    ok(http.DELETE('/api/gold-star/bulk/{id}', { params: { path: { id } } })),

  exportCount: (query: ExportQuery, signal?: AbortSignal) =>
    ok(http.GET('/api/export-gold-star/count', { params: { query }, signal })),

  tags: (prefix: string, signal?: AbortSignal) =>
    ok(http.GET('/api/tags', { params: { query: { prefix } }, signal })),

  /** With a model, characters and tokens are those of its outputs. */
  facets: (q: string, signal?: AbortSignal, model?: string) =>
    ok(
      http.GET('/api/facets', {
        params: { query: { q, reviewer: reviewer(), ...(model ? { model } : {}) } },
        signal,
      }),
    ),

  /** Who reviews what, and how far they are. */
  assignments: (signal?: AbortSignal) => ok(http.GET('/api/assignments', { signal })),

  stats: (q: string, signal?: AbortSignal) =>
    ok(http.GET('/api/stats', { params: { query: asked(q) }, signal })),

  pairs: (q: string, x: string, y: string, signal?: AbortSignal) =>
    ok(http.GET('/api/stats/pairs', { params: { query: { ...asked(q), x, y } }, signal })),

  agreement: (q: string, signal?: AbortSignal) =>
    ok(http.GET('/api/agreement', { params: { query: asked(q) }, signal })),

  tagging: (q: string, signal?: AbortSignal) =>
    ok(http.GET('/api/agreement/tags', { params: { query: asked(q) }, signal })),

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
  return typeof error === 'object' && error !== null ? (error as Partial<Problem>) : {};
}
