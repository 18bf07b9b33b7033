// What the search box offers at the caret: fields, and values that the collection has, with their counts.
import { api, isAbort } from '../api/client';
import { words } from '../words/en';
import {
  around,
  complete,
  type Completed,
  fieldsFor,
  type Spot,
  spotAt,
  valuesFor,
} from './completion';

export interface Offer {
  value: string;
  /** What it means, or how often there is such a thing. */
  hint?: string;
  count?: number;
}

export interface Known {
  facets: typeof api.facets;
  tags: typeof api.tags;
}

/** As many as fit below the box without scrolling. */
const SHOWN = 10;

export class Completing {
  offers = $state.raw<Offer[]>([]);
  /** The one that the arrow keys have come to; -1 is none. */
  active = $state(-1);

  readonly isOpen = $derived(this.offers.length > 0);

  #spot: Spot | undefined;
  #q = '';
  #flight: AbortController | undefined;
  #known: Known;

  #now: () => Date;

  constructor(known: Known = api, now = () => new Date()) {
    this.#known = known;
    this.#now = now;
  }

  /** Whether the clause at the caret is still to get a value, so that the server would refuse it. */
  get isHalf(): boolean {
    const { field, typed = '' } = this.#spot ?? {};
    if (field === 'is') return !(typed in words.completion.states);
    return field === 'rated' ? !/=./.test(typed) : !!field && typed === '';
  }

  /** The text or the caret has changed. */
  async look(q: string, caret: number): Promise<void> {
    this.#flight?.abort();
    const spot = spotAt(q, caret);
    this.#spot = spot;
    this.#q = q;
    this.active = -1;
    if (!spot) return this.close();
    if (!spot.field) {
      const hints = words.completion.fields;
      this.offers = fieldsFor(spot).map((value) => ({ value, hint: hints[value] ?? '' }));
      return;
    }
    const flight = (this.#flight = new AbortController());
    try {
      const known = await this.#values(spot.field, q, spot, flight.signal);
      if (!flight.signal.aborted) this.offers = valuesFor(spot, known).slice(0, SHOWN);
    } catch (error) {
      // Without completions one can still type.
      if (!isAbort(error)) this.close();
    }
  }

  move(step: 1 | -1): void {
    const n = this.offers.length;
    // Between the last and the first is the text as it was typed.
    this.active = ((this.active + 1 + step + n + 1) % (n + 1)) - 1;
  }

  close(): void {
    this.#flight?.abort();
    this.offers = [];
    this.active = -1;
  }

  /** The query with an offer taken, and where the caret is then. */
  take(offer: Offer | undefined): { q: string; caret: number } | undefined {
    if (!offer || !this.#spot) return undefined;
    const taken = complete(this.#q, this.#spot, offer.value);
    this.close();
    return taken;
  }

  async #values(field: Completed, q: string, spot: Spot, signal: AbortSignal): Promise<Offer[]> {
    if (field === 'starred') return daysBefore(this.#now());
    if (field === 'tag') {
      const tags = await this.#known.tags(spot.typed, signal);
      return tags.map(({ tag, count }) => ({ value: tag, count }));
    }
    // The values that the rest of the query leaves; all there are when it cannot be read.
    const ask = (rest: string) => this.#known.facets(rest, signal);
    const facets = await ask(around(q, spot)).catch((error: unknown) => {
      if (isAbort(error)) throw error;
      return ask('');
    });
    const { models, states, reviewers, finish } = facets;
    const hints = words.completion.states;
    const described = states.map((state) => ({ ...state, hint: hints[state.value] ?? '' }));
    const whose = [{ value: 'me', hint: words.together.whoever }, ...reviewers];
    const known = { model: models, of: models, rated: models, is: described, by: reviewers };
    return { ...known, finish, assigned: whose, todo: whose }[field];
  }
}

/** The last days as the journal has them, in UTC. */
function daysBefore(now: Date): Offer[] {
  const day = (ago: number) =>
    new Date(now.getTime() - ago * 86_400_000).toISOString().slice(0, 10);
  const { today, yesterday, week, month } = words.completion.days;
  return [
    { value: day(0), hint: today },
    { value: day(1), hint: yesterday },
    { value: `${day(6)}..${day(0)}`, hint: week },
    { value: `${day(29)}..${day(0)}`, hint: month },
  ];
}
