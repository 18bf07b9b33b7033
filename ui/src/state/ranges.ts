// Which positions of a view are chosen: sorted ranges, so that all of ten million are one pair.
export type Range = readonly [from: number, to: number];

/** Never changed: every act gives a new one. `to` is not included. */
export class Ranges {
  readonly list: readonly Range[];

  constructor(list: readonly Range[] = []) {
    this.list = list;
  }

  get count(): number {
    return this.list.reduce((sum, [from, to]) => sum + to - from, 0);
  }

  has(at: number): boolean {
    const i = this.#firstEndingAfter(at);
    return i < this.list.length && this.list[i]![0] <= at;
  }

  with(from: number, to: number): Ranges {
    if (from >= to) return this;
    const before = this.list.filter((range) => range[1] < from);
    const after = this.list.filter((range) => range[0] > to);
    const joined = this.list.slice(before.length, this.list.length - after.length);
    const low = Math.min(from, joined[0]?.[0] ?? from);
    const high = Math.max(to, joined.at(-1)?.[1] ?? to);
    return new Ranges([...before, [low, high], ...after]);
  }

  without(from: number, to: number): Ranges {
    if (from >= to) return this;
    const rest = this.list.flatMap(([low, high]): Range[] => [
      [low, Math.min(high, from)],
      [Math.max(low, to), high],
    ]);
    return new Ranges(rest.filter(([low, high]) => low < high));
  }

  toggled(at: number): Ranges {
    return this.has(at) ? this.without(at, at + 1) : this.with(at, at + 1);
  }

  // There may be as many ranges as someone has patience to choose one by one, and every row asks.
  #firstEndingAfter(at: number): number {
    let [low, high] = [0, this.list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.list[middle]![1] > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
