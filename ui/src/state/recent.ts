// The queries last asked on a collection, for the palette; kept in this browser.
const MAX = 12;
/** Half-typed queries are no queries: one counts after it stood for a while. */
const WAIT_MS = 3000;

const place = (collection: string) => `goldstar.queries ${collection}`;
let timer: ReturnType<typeof setTimeout> | undefined;

export function recentQueries(collection: string): string[] {
  try {
    const noted: unknown = JSON.parse(localStorage.getItem(place(collection)) ?? '[]');
    return Array.isArray(noted) ? noted.filter((q) => typeof q === 'string').slice(0, MAX) : [];
  } catch {
    return [];
  }
}

/** Notes a query once it has stood for a while. */
export function noteQuery(collection: string, q: string): void {
  clearTimeout(timer);
  if (!q || !collection) return;
  timer = setTimeout(() => {
    const rest = recentQueries(collection).filter((other) => other !== q);
    try {
      localStorage.setItem(place(collection), JSON.stringify([q, ...rest].slice(0, MAX)));
    } catch {
      // Without storage there are no recent queries.
    }
  }, WAIT_MS);
}
