// What the page makes of each act: messages, rows patched when the server has it, and what is asked anew.
import { type ApiError, api } from '../api/client';
import type { Star, Turned } from '../api/types';
import { words } from '../words/en';
import type { App } from './app.svelte';
import type { Conflict } from './conflicts.svelte';
import type { Told } from './review.svelte';
import { isFor, starOf, type Target, withStar } from './stars';
import type { Act } from './unsent';

export class Telling implements Told {
  #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  elsewhere(custom_id: string): void {
    this.#app.renew(custom_id);
  }

  starred({ model, name, custom_id }: Target, score: number, about: string): void {
    this.#app.toasts.show({
      kind: 'star',
      about,
      tone: 'plain',
      text: words.toast.starred(score, model, name || custom_id),
      button: { label: words.toast.undo, key: 'U', act: () => this.#app.undo() },
    });
    this.#app.toasts.say(words.spoken.starred(score, model, name || custom_id));
  }

  unstarred({ model, name, custom_id }: Target, about: string): void {
    const text = words.toast.unstarred(model, name || custom_id);
    this.#app.toasts.show({ kind: 'star', about, tone: 'plain', text });
    this.#app.toasts.say(words.spoken.unstarred(name || custom_id));
  }

  failed(act: Act, error: ApiError, retry: () => void): void {
    const { id, target, star, typed } = act;
    const turned = act.undoes ?? act.redoes;
    if (turned !== undefined) return void this.#notTurned(act, turned, error);
    const text = words.toast.starFailed(target.name || target.custom_id, error.message);
    this.#app.toasts.closeAbout(id);
    this.#app.toasts.say(text);
    const index = this.#app.rows.find(target.custom_id);
    const row = index === undefined ? undefined : this.#app.rows.at(index);
    let button = { label: words.toast.retry, act: retry };
    if (typed && star && row) {
      const { quality_score, tags, notes } = star;
      const judgment = { score: quality_score, tags, notes };
      const again = () => (this.#app.starring = { row, target, typed: judgment, problem: error });
      if (!this.#app.starring && !this.#app.sheet) return void again();
      // Another dialog must not be torn away from under the hands.
      button = { label: words.toast.edit, act: again };
    }
    this.#app.toasts.show({ kind: `failed ${id}`, tone: 'error', text, button });
  }

  kept(): void {
    this.#app.toasts.say(words.toast.unsaved(this.#app.review.unsaved.count));
    this.#app.checkLater();
  }

  saved(act: Act, star: Star | undefined): void {
    const { target, by } = act;
    this.#app.acts.took(act);
    this.#app.rows.patch(target.custom_id, (row) => withStar(row, target, star, by));
    this.#app.details.renew(target.custom_id);
    // What others say of the output is mine to see now, or no longer.
    if (this.#app.hidesScores) this.#app.renew(target.custom_id);
    this.#app.countAnew();
    this.#app.askSoon();
  }

  turned(act: Act, { act: { count }, changed }: Turned): void {
    this.#app.acts.took(act);
    for (const one of changed) {
      this.#app.rows.patch(one.custom_id, (row) => withStar(row, one, one.star, act.by));
      this.#app.details.renew(one.custom_id);
      if (this.#app.hidesScores) this.#app.renew(one.custom_id);
    }
    if (count > changed.length) this.#app.rows.refresh();
    this.#app.countAnew();
    this.#app.askSoon();
  }

  // The output was judged again since, in another tab: what was to be taken back is shown beside what is there now.
  async #notTurned(act: Act, turned: string, error: ApiError): Promise<void> {
    const { target, by } = act;
    const said = this.#app.acts.now.acts.find(({ id }) => id === turned);
    this.#app.toasts.closeAbout(turned);
    this.#app.acts.refresh();
    this.#app.renew(target.custom_id);
    const text = words.acts.notTurned(target.name || target.custom_id, error.message);
    if (error.status !== 409 || !said || said.is_bulk) {
      this.#app.toasts.say(text);
      return this.#app.toasts.show({ kind: `failed ${act.id}`, tone: 'error', text });
    }
    const record = await api.record(target.custom_id).catch(() => undefined);
    const theirs = record?.stars.find((star) => isFor(star, target, by));
    const mine = said.what === 'star' ? starOf(said, by) : undefined;
    this.conflict({ kind: 'undo', id: act.id, target, mine, theirs });
    if (!this.#app.starring && !this.#app.sheet) this.#app.conflicts.open = true;
  }

  conflict(conflict: Conflict): void {
    this.#app.conflicts.add(conflict);
    this.#app.toasts.say(words.conflicts.told(this.#app.conflicts.list.length));
  }
}
