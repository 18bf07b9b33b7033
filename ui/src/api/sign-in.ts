// Signing in and out: the calls of the page that has nothing else, and where one goes from there.
import { identity as words } from '../words/identity';
import type { Problem } from './types';

const PATIENCE_MS = 15_000;

/** Why one was not let in; nothing when one was. */
export async function signIn(token: string): Promise<string | undefined> {
  try {
    const answer = await post('/api/sign-in', { token });
    if (answer.ok) return undefined;
    if (answer.status === 401) return words.wrong;
    const problem = (await answer.json()) as Partial<Problem>;
    return problem.detail ?? words.unreachable;
  } catch {
    return words.unreachable;
  }
}

/** Whether one is signed in already: a link from another site does not bring the session along. */
export async function isSignedIn(): Promise<boolean> {
  try {
    return (await fetch('/api/me', { signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  } catch {
    return false;
  }
}

export async function signOut(): Promise<void> {
  try {
    await post('/api/sign-out', {});
  } finally {
    location.assign('/sign-in');
  }
}

/** Where one signs in, and then comes back to where one is. */
export function signInAddress({ pathname, search, hash }: Location = location): string {
  return `/sign-in?to=${encodeURIComponent(pathname + search)}${hash}`;
}

/** Where one wanted to go: never to another site, whatever the address says. */
export function wanted({ origin, search, hash }: Pick<Location, 'origin' | 'search' | 'hash'>) {
  const home = `${origin}/`;
  const to = new URLSearchParams(search).get('to') ?? '/';
  if (!to.startsWith('/') || !URL.canParse(to, origin)) return home;
  const url = new URL(to, origin);
  if (url.origin !== origin || url.pathname.startsWith('/sign-in')) return home;
  url.hash = hash;
  return url.href;
}

function post(path: string, body: object): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}
