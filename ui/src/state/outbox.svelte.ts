// Acts on their way to the server: kept until acknowledged, sent in order, each by one tab, and again after trouble.
import { SvelteMap } from 'svelte/reactivity';
import { ApiError } from '../api/client';
import { words } from '../words/en';
import { type Act, Unsent } from './unsent';

/** What the server has to offer now. */
export interface Served {
  collection: string;
  /** Whether all of its batches are read. */
  whole: boolean;
  /** Who one is signed in as: only this one's acts are taken. */
  by?: string | undefined;
}

/** What the outbox asks of whoever made the acts. */
export interface Sender {
  served: () => Served;
  /** Sends an act; one that may have been sent before is looked at more closely. False: it has to wait for a person. */
  carry: (act: Act, isOld: boolean) => Promise<boolean>;
  /** Another tab sent it, or gave it up. */
  elsewhere: (act: Act) => void;
  refused: (act: Act, error: ApiError) => void;
  kept: () => void;
}

/** Browsers give a page about six connections, of which live events take one. */
const AT_ONCE = 4;
const ECHO_MS = 1000;

export class Outbox {
  /** All that is under way, in the order in which it was done. */
  order = $state.raw<Act[]>([]);
  /** Why the server takes nothing at all. */
  #trouble = $state.raw<ApiError | undefined>();
  #byRecord = new SvelteMap<string, Act[]>();
  /** Records whose acts could not be sent, and why. */
  #stuck = new SvelteMap<string, ApiError>();
  #waits = new Set<string>();
  #halted = false;
  #flying = new Set<string>();
  #old = new Set<string>();
  /** On their way into the browser's database; held for a person to say; finished in this page's life. */
  #keeping = new Set<string>();
  #held = new Set<string>();
  #done = new Set<string>();
  #echoes = new Map<string, ReturnType<typeof setTimeout>>();

  #sender: Sender;
  #unsent: Unsent;

  constructor(sender: Sender, unsent: Unsent) {
    this.#sender = sender;
    this.#unsent = unsent;
  }

  /** What is under way for one record. */
  of(custom_id: string): Act[] | undefined {
    return this.#byRecord.get(custom_id);
  }

  /** Whether an act on the record was sent a moment ago, or still is to be. */
  isBusy(custom_id: string): boolean {
    return this.#byRecord.has(custom_id) || this.#echoes.has(custom_id);
  }

  isUnsaved(custom_id: string): boolean {
    return this.#stuck.has(custom_id) || (!!this.#trouble && this.#byRecord.has(custom_id));
  }

  /** How many outputs have something that could not be saved yet, and why the last one could not. */
  get unsaved(): { count: number; why: string; lasts: boolean } {
    const acts = this.order.filter((act) => this.isUnsaved(act.target.custom_id));
    const keys = acts.map(({ target: { custom_id, model, choice }, by }) =>
      JSON.stringify([custom_id, model, choice, by]),
    );
    const why = (this.#trouble ?? [...this.#stuck.values()].at(-1))?.message ?? '';
    return { count: new Set(keys).size, why, lasts: this.#unsent.lasts };
  }

  /** Keeps an act and sends it when its turn comes. */
  put(act: Act): void {
    const { custom_id } = act.target;
    this.order = [...this.order, act];
    this.#byRecord.set(custom_id, [...(this.#byRecord.get(custom_id) ?? []), act]);
    void this.#keep(act);
  }

  /** Takes over what this browser could not send earlier, in this tab or in another one. */
  async resume(): Promise<void> {
    const left = await this.#unsent.of(this.#sender.served().collection);
    const known = new Set([...this.order.map(({ id }) => id), ...this.#held, ...this.#done]);
    const found = left.filter((act) => !known.has(act.id) && this.#isMine(act));
    for (const { id } of found) this.#old.add(id);
    if (found.length > 0) this.#line([...found, ...this.order]);
    this.#pump();
  }

  /** Sends again what could not be sent. */
  retry(): void {
    this.#halted = false;
    this.#waits.clear();
    void this.resume();
  }

  /** Takes acts out of the line without forgetting them: a person has to say what becomes of them. */
  hold(acts: Act[]): void {
    for (const act of acts) {
      this.#leave(act);
      this.#held.add(act.id);
    }
  }

  /** Puts acts that were held back into the line, as they are. */
  release(acts: Act[]): void {
    for (const { id } of acts) this.#held.delete(id);
    this.#line([...acts, ...this.order]);
    this.#pump();
  }

  /** Forgets acts that were held. */
  async forget(acts: Act[]): Promise<void> {
    for (const { id } of acts) {
      this.#done.add(id);
      this.#held.delete(id);
      await this.#unsent.drop(id);
    }
  }

  async #keep(act: Act): Promise<void> {
    this.#keeping.add(act.id);
    await this.#unsent.put(act);
    this.#keeping.delete(act.id);
    // Who goes on starring should not have to wait for the next look at whether the server is back.
    this.#halted = false;
    this.#waits.delete(act.target.custom_id);
    this.#pump();
  }

  #pump(): void {
    const records = new Set<string>();
    // What another one left waits until that one signs in again, and holds up nobody.
    for (const act of this.order.filter((act) => this.#isMine(act))) {
      const { custom_id } = act.target;
      // What takes back or does again must find everything before it written, and nothing after it.
      const turns = act.undoes !== undefined || act.redoes !== undefined;
      const free = turns ? records.size === 0 : !records.has(custom_id);
      if (this.#halted || this.#flying.size >= AT_ONCE) return;
      const idle = !this.#flying.has(act.id) && !this.#keeping.has(act.id);
      if (free && idle && !this.#waits.has(custom_id)) void this.#send(act);
      if (turns) return;
      records.add(custom_id);
    }
  }

  async #send(act: Act): Promise<void> {
    const { served } = this.#sender;
    const { custom_id } = act.target;
    this.#flying.add(act.id);
    await alone(act.id, async () => {
      if (!(await this.#unsent.has(act.id))) {
        this.#leave(act);
        return this.#sender.elsewhere(act);
      }
      try {
        if (act.collection !== served().collection)
          throw new ApiError(0, { detail: words.error.otherCollection });
        if (!(await this.#sender.carry(act, this.#old.has(act.id)))) return;
        this.#trouble = undefined;
        await this.#finish(act);
      } catch (thrown) {
        const error =
          thrown instanceof ApiError ? thrown : new ApiError(0, { detail: `${thrown}` });
        if (this.#mayPass(error)) return this.#wait(act, error);
        await this.#finish(act);
        this.#sender.refused(act, error);
      }
    });
    this.#flying.delete(act.id);
    if (!this.#byRecord.has(custom_id)) this.#echo(custom_id);
    this.#pump();
  }

  #isMine(act: Act): boolean {
    const { by } = this.#sender.served();
    return by === undefined || by === act.by;
  }

  // One may sign in again, and as the one whose act it is.
  #mayPass({ status, problem }: ApiError): boolean {
    const isOther = status === 403 && problem.errors?.some(({ field }) => field === 'starred_by');
    if (status === 401 || status === 429 || isOther) return true;
    return status === 0 || status >= 500;
  }

  #wait(act: Act, error: ApiError): void {
    const { custom_id } = act.target;
    this.#old.add(act.id);
    this.#stuck.set(custom_id, error);
    this.#waits.add(custom_id);
    const { collection, whole } = this.#sender.served();
    const isHere = act.collection === collection;
    // The batch that it is about is not read yet; another act's may be.
    const isEarly = error.status === 503 && !whole;
    // Away, overloaded or out of space: then nothing else can be saved either.
    if (isHere && !isEarly && [0, 401, 429, 502, 503, 504, 507].includes(error.status)) {
      this.#halted = true;
      this.#trouble = error;
    }
    this.#sender.kept();
  }

  async #finish(act: Act): Promise<void> {
    this.#done.add(act.id);
    await this.#unsent.drop(act.id);
    this.#leave(act);
  }

  #line(acts: Act[]): void {
    this.order = acts;
    const records = new Map<string, Act[]>();
    for (const act of acts) {
      const own = records.get(act.target.custom_id);
      if (own) own.push(act);
      else records.set(act.target.custom_id, [act]);
    }
    for (const [custom_id, own] of records) this.#byRecord.set(custom_id, own);
  }

  #leave(act: Act): void {
    const { custom_id } = act.target;
    this.#old.delete(act.id);
    this.order = this.order.filter((other) => other !== act);
    const rest = (this.#byRecord.get(custom_id) ?? []).filter((other) => other !== act);
    if (rest.length > 0) this.#byRecord.set(custom_id, rest);
    else this.#byRecord.delete(custom_id);
    this.#stuck.delete(custom_id);
    if (this.order.length === 0) this.#trouble = undefined;
  }

  // The server's own message about the act may come a little later than its answer.
  #echo(custom_id: string): void {
    clearTimeout(this.#echoes.get(custom_id));
    const timer = setTimeout(() => this.#echoes.delete(custom_id), ECHO_MS);
    this.#echoes.set(custom_id, timer);
  }
}

// One tab at a time has an act in hand. Where browsers have no locks, its id makes a second sending harmless.
async function alone(id: string, work: () => Promise<void>): Promise<void> {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (locks) await locks.request(`goldstar ${id}`, work);
  else await work();
}
