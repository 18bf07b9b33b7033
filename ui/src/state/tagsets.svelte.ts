// The sets of tags given last, each offered again by one key. This browser remembers them, per collection.
const place = (collection: string) => `goldstar.tags ${collection}`;

export const SETS_MAX = 5;

export class TagSets {
  list = $state.raw<string[][]>([]);
  #collection = '';

  open(collection: string): void {
    this.#collection = collection;
    this.list = recall(collection);
  }

  /** The set was given again: it comes first. */
  use(tags: string[]): void {
    if (tags.length === 0) return;
    const others = this.list.filter((set) => !isSame(set, tags));
    this.list = [[...tags], ...others].slice(0, SETS_MAX);
    try {
      localStorage.setItem(place(this.#collection), JSON.stringify(this.list));
    } catch {
      // Storage may be full or forbidden; then the sets last as long as the page.
    }
  }
}

const isSame = (a: string[], b: string[]) =>
  a.length === b.length && a.every((tag) => b.includes(tag));

function recall(collection: string): string[][] {
  try {
    const noted: unknown = JSON.parse(localStorage.getItem(place(collection)) ?? '[]');
    if (!Array.isArray(noted)) return [];
    return noted.filter(isSet).slice(0, SETS_MAX);
  } catch {
    return [];
  }
}

const isSet = (noted: unknown): noted is string[] =>
  Array.isArray(noted) && noted.length > 0 && noted.every((tag) => typeof tag === 'string');
