// Keeps the names of models from the page: they go no further than this, until all outputs of a record are scored.
import { words } from '../words/en';
import { shuffled } from './order';
import type {
  Acts,
  Agreement,
  Decision,
  FacetsBody,
  Page,
  RecordDetail,
  Stats,
  Status,
  Turned,
} from './types';

/** More records than the table keeps. */
const KEPT = 20_000;

/** Where an output stands, as its star says it. */
export interface BlindPlace {
  seed: number;
  place: number;
  of: number;
}

/** The models of a record: those of its outputs, and others that it has stars of. */
interface Models {
  outputs: string[];
  others: string[];
}

type Named = { model?: string };

export class Veil {
  /** Whether names are hidden. */
  on = false;
  /** Who reviews. */
  reviewer: () => string = () => '';

  /** Resolves once it is known whether names are hidden, and from whom. */
  readonly ready: Promise<void>;

  #open: () => void = () => {};
  #names: string[] = [];
  #records = new Map<string, Models>();
  #seeds = new Map<string, number>();

  constructor() {
    this.ready = new Promise((resolve) => (this.#open = resolve));
  }

  /** The server has said what is hidden. */
  told(on: boolean, reviewer: () => string): void {
    this.on = on;
    this.reviewer = reviewer;
    this.#open();
  }

  status(status: Status): Status {
    if (!status.blind?.models) return status;
    this.#names = status.models.map(({ name }) => name);
    // Counts would tell the models apart.
    const models = status.models.map((_, i) => ({ name: labelOf(i), outputs: 0, errors: 0 }));
    return { ...status, models };
  }

  page(page: Page): Page {
    return {
      ...page,
      records: page.records.map((row) => {
        this.#learn(row);
        const outputs = this.#sorted(row.custom_id, row.outputs);
        return { ...row, outputs, stars: this.#named(row.custom_id, row.stars) };
      }),
    };
  }

  record(detail: RecordDetail): RecordDetail {
    const { custom_id } = detail;
    this.#learn(detail);
    // Files are often called after the model that wrote them.
    const bare = <T extends RecordDetail['outputs'][number]>(output: T): T => {
      const rest = without(output, 'asked_model');
      const older = output.older?.map((run) => ({ ...bare(run), model: rest.model }));
      return { ...rest, file: '', ...(older ? { older } : {}) } as T;
    };
    return {
      ...without(detail, 'prompt_source'),
      outputs: this.#sorted(custom_id, detail.outputs).map(bare),
      stars: this.#named(custom_id, detail.stars),
      history: this.#named(custom_id, detail.history),
    };
  }

  facets = (facets: FacetsBody): FacetsBody => ({ ...facets, models: [] });

  stats = (stats: Stats): Stats => ({ ...stats, models: [] });

  agreement(report: Agreement): Agreement {
    const queue = report.queue.map((one) =>
      this.knows(one) ? this.#name(one.custom_id, one) : { ...one, model: words.blind.someModel },
    );
    return { ...report, queue };
  }

  /** Acts; of records that are not known the model is left out, or fetched by `learn`. */
  async acts(acts: Acts, learn: (custom_id: string) => Promise<unknown>): Promise<Acts> {
    const unknown = acts.acts.slice(0, 10).filter((act) => !act.is_bulk && !this.knows(act));
    // Without the record the model stays unnamed.
    await Promise.all(unknown.map(({ custom_id }) => learn(custom_id).catch(() => undefined)));
    return { ...acts, acts: acts.acts.map((act) => this.#decision(act)) };
  }

  turned(turned: Turned): Turned {
    const known = turned.changed.filter((one) => this.knows(one));
    const changed = known.map((one) => {
      const star = one.star && this.#name(one.custom_id, one.star);
      return { ...this.#name(one.custom_id, one), ...(star ? { star } : {}) };
    });
    return { ...turned, act: this.#decision(turned.act), changed };
  }

  knows({ custom_id }: { custom_id: string }): boolean {
    return this.#records.has(custom_id);
  }

  /** The model that stands behind a label. */
  model(custom_id: string, label: string, reviewer = this.reviewer()): string {
    return this.#order(custom_id, reviewer)[indexOf(label)] ?? label;
  }

  /** Where an output stands among those of its record. */
  placeOf(custom_id: string, label: string): BlindPlace | undefined {
    const of = this.#records.get(custom_id)?.outputs.length ?? 0;
    const at = indexOf(label);
    if (!this.on || at < 0 || at >= of) return undefined;
    return { seed: this.#seed(this.reviewer()), place: at + 1, of };
  }

  /** A bulk act is for a model only where there is just one. */
  bulk<B extends Named>(body: B): B {
    const { model, ...rest } = body;
    if (model === undefined || this.#names.length !== 1) return rest as B;
    return { ...rest, model: this.#names[0] } as B;
  }

  /** A sentence of the server without names of models. */
  text(text: string): string {
    if (!this.on) return text;
    return this.#names.reduce((now, name) => now.replaceAll(name, words.blind.someModel), text);
  }

  #decision(act: Decision): Decision {
    if (this.knows(act)) return this.#name(act.custom_id, act);
    return without(act, 'model');
  }

  #learn({ custom_id, outputs, stars, ...rest }: RecordDetail | Page['records'][number]): void {
    const history = 'history' in rest ? rest.history : [];
    const named = [...stars, ...history].map(({ model }) => model).filter((m) => m !== undefined);
    const own = [...new Set(outputs.map(({ model }) => model))];
    const others = [...new Set(named)].filter((model) => !own.includes(model)).sort();
    this.#records.delete(custom_id);
    this.#records.set(custom_id, { outputs: own, others });
    for (const id of this.#records.keys()) {
      if (this.#records.size <= KEPT) break;
      this.#records.delete(id);
    }
  }

  #order(custom_id: string, reviewer = this.reviewer()): string[] {
    const { outputs, others } = this.#records.get(custom_id) ?? { outputs: [], others: [] };
    return [...shuffled(outputs, this.#seed(reviewer), reviewer, custom_id), ...others];
  }

  #sorted<T extends { model: string; choice: number }>(custom_id: string, outputs: T[]): T[] {
    const order = this.#order(custom_id);
    const at = ({ model }: T) => order.indexOf(model);
    const sorted = [...outputs].sort((a, b) => at(a) - at(b) || a.choice - b.choice);
    return sorted.map((output) => ({ ...output, model: labelOf(at(output)) }));
  }

  #named<T extends Named>(custom_id: string, list: T[]): T[] {
    const order = this.#order(custom_id);
    return list.map((one) =>
      one.model === undefined ? one : { ...one, model: labelOf(order.indexOf(one.model)) },
    );
  }

  #name<T extends Named>(custom_id: string, one: T): T {
    return this.#named(custom_id, [one])[0]!;
  }

  // By chance once, and then the same: what stood where can be told from the stars alone.
  #seed(reviewer: string): number {
    const known = this.#seeds.get(reviewer);
    if (known !== undefined) return known;
    const place = `goldstar.seed.${reviewer}`;
    let seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    try {
      const kept = localStorage.getItem(place);
      if (kept && /^\d{1,10}$/.test(kept) && Number(kept) < 2 ** 32) seed = Number(kept);
      else localStorage.setItem(place, String(seed));
    } catch {
      // Storage may be full or forbidden; then it lasts as long as the page.
    }
    this.#seeds.set(reviewer, seed);
    return seed;
  }
}

/** A copy that has not got one of its parts. */
export function without<T extends object, K extends keyof T>(whole: T, part: K): Omit<T, K> {
  const rest = { ...whole };
  delete rest[part];
  return rest;
}

/** What stands instead of a model's name. */
export const labelOf = (at: number): string =>
  at < 0
    ? words.blind.elsewhere
    : words.blind.output(at < 26 ? String.fromCharCode(65 + at) : `${at + 1}`);

function indexOf(label: string): number {
  for (let at = 0; at < 1000; at++) if (labelOf(at) === label) return at;
  return -1;
}
