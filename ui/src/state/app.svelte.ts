// The whole page's state in one place: what the parts are, and what each key or message makes them do.
import { getContext, setContext, untrack } from 'svelte';
import { type ApiError, api, reviewedBy, veil } from '../api/client';
import type { Catalog, Decision, Row, Search, Star, Status } from '../api/types';
import { words } from '../words/en';
import { Acts } from './acts.svelte';
import { Bindings } from './bindings.svelte';
import { Browse, canStar } from './browse.svelte';
import { written } from './clauses';
import { Commands } from './commands';
import { Conflicts } from './conflicts.svelte';
import { Details } from './details.svelte';
import { Exports } from './exports.svelte';
import { Facets } from './facets.svelte';
import { Identity } from './identity.svelte';
import { Inspecting } from './inspecting.svelte';
import { digitOf, type Press } from './keys';
import { copyLink } from './linking';
import { type Heard, Live } from './live.svelte';
import { Many } from './many.svelte';
import { doneBy, isAboutMe } from './mine';
import { Naming } from './naming';
import { Prefs, rowHeights } from './prefs.svelte';
import { Review } from './review.svelte';
import { Rows } from './rows.svelte';
import { type Judgment, ofPeople, rowOf, type Target, targetOf, withStars } from './stars';
import { Strokes } from './strokes.svelte';
import { TagSets } from './tagsets.svelte';
import { Telling } from './telling';
import { Toasts } from './toasts.svelte';
import { Together } from './together.svelte';

/** Stars of others are fetched record by record up to this many at a time, else with their rows. */
const PATCH_MAX = 8;
const PATCH_MS = 120;
/** A server that is there but could not write is tried again after this. */
const RETRY_MS = 15_000;

/** What the star dialog is open for; refused input comes back to it with the reason. */
export interface Starring {
  row: Row;
  target: Target;
  typed?: Judgment;
  problem?: ApiError;
}

export class App {
  readonly prefs = new Prefs();
  readonly bindings = new Bindings();
  readonly strokes = new Strokes(this.bindings);
  readonly commands = new Commands();
  readonly rows = new Rows();
  readonly browse = new Browse(this.rows);
  readonly details = new Details();
  readonly exports = new Exports();
  readonly facets = new Facets();
  readonly toasts = new Toasts();
  readonly conflicts = new Conflicts();
  readonly tagSets = new TagSets();
  readonly identity = new Identity();
  readonly inspecting: Inspecting;
  readonly acts: Acts;
  readonly live: Live;
  readonly review: Review;
  readonly many: Many;
  readonly naming = new Naming(this);
  readonly together: Together;

  status = $state.raw<Status | undefined>();
  starring = $state.raw<Starring | undefined>();
  sheet = $state<'keys' | 'blemishes' | 'filters' | 'palette' | 'settings' | undefined>();
  /** The column whose menu is open. */
  menu = $state<string | undefined>();
  /** Counts how often someone asked for the filters, which then take the focus. */
  filtering = $state(0);

  /** Ways to parts of the page that only their own markup knows. */
  focusSearch: () => void = () => {};
  openExport: () => void = () => {};

  /** Who one is signed in as; nobody where one may call oneself as one likes. */
  readonly me = $derived(this.status?.me);
  readonly reviewer = $derived(
    this.me?.name || this.prefs.values.reviewer || this.status?.default_reviewer || 'user',
  );
  /** Whether anything is assigned to anybody. */
  readonly assigned = $derived((this.status?.assignments ?? 0) > 0);
  readonly collection = $derived(this.status?.collection ?? '');
  readonly canReview = $derived(
    this.status !== undefined && !this.status.read_only && this.me?.role !== 'viewer',
  );

  /** Whether names of models are hidden. */
  readonly masks = $derived(this.status?.blind?.models ?? false);
  /** Whether stars of others are, until one has given one's own. */
  readonly hidesScores = $derived(
    (this.status?.blind?.scores ?? false) && this.me?.role !== 'admin',
  );
  /** Agents suggest, and keep nobody from a record. */
  readonly canClaim = $derived(this.canReview && this.me?.role !== 'agent');

  #changed = new Set<string>();
  #patching: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const served = () => ({
      collection: this.collection,
      whole: this.status?.catalog.state === 'ready',
      by: this.me?.name,
    });
    const told = new Telling(this);
    this.review = new Review(
      () => this.reviewer,
      told,
      api,
      served,
      undefined,
      (target) => this.naming.placeOf(target),
    );
    this.acts = new Acts(this.review, () => this.reviewer);
    this.inspecting = new Inspecting(this.browse, this.prefs);
    this.many = new Many({
      browse: this.browse,
      toasts: this.toasts,
      reviewer: () => (this.canReview ? this.reviewer : undefined),
      changed: () => this.#anew(),
    });
    this.together = new Together({
      reviewer: () => this.reviewer,
      minutes: () => (this.canClaim ? (this.status?.claim_minutes ?? 0) : 0),
      shared: () => !!this.me || this.together.names.some((name) => name !== this.reviewer),
      unreviewed: () => doneBy(this.rows.q, this.reviewer) === undefined,
      before: () => {
        const row = this.browse.screen === 'table' ? this.browse.current : undefined;
        return row && this.isUnreviewed(row) ? row.custom_id : undefined;
      },
    });
    // Asking is no reason for an effect to run again.
    reviewedBy(() => untrack(() => this.prefs.values.reviewer));
    this.browse.dropped = (sort) => this.tell(words.toast.sortDropped(sort));
    this.browse.unchosen = () => this.tell(words.selection.gone);
    const heard = {
      status: (status) => this.#hearStatus(status),
      catalog: (catalog) => this.#hearCatalog(catalog),
      search: (search) => this.#hearSearch(search),
      progress: (progress) => this.many.hear(progress),
      stars: (id, by, given) => {
        if (given) this.together.starred(id, by);
        this.#hearStars(id, by);
      },
      claimed: (claim) => this.together.hear(claim),
      present: (present) => this.together.hearPresent(present),
      begun: () => this.together.begin(),
      back: () => {
        this.#anew();
      },
    } satisfies Heard;
    this.live = new Live(heard, () => untrack(() => this.prefs.values.reviewer));
    this.browse.setRowHeight(rowHeights[this.prefs.values.density]);
  }

  /** Begins listening; returns how to stop. */
  start(): () => void {
    const stops = [
      this.prefs.keep(),
      this.browse.layout.watch(),
      this.live.start(),
      this.#followReviewer(),
      this.together.watch(),
      this.identity.watch(() => !this.starring && !this.many.asked && this.review.unsaved.lasts),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Does what a key asks for; false when the key means nothing now. */
  act({ action, score, letter }: Partial<Press> & Pick<Press, 'action'>): boolean {
    const { browse } = this;
    const many = () => browse.selection.count > 0;
    const moves: Partial<Record<Press['action'], () => void>> = {
      down: () => browse.move(1),
      up: () => browse.move(-1),
      left: () => browse.moveCell(-1),
      right: () => browse.moveCell(1),
      pageDown: () => browse.page(1),
      pageUp: () => browse.page(-1),
      firstCell: () => browse.goToCell(0),
      lastCell: () => browse.goToCell(browse.columns - 1),
      firstRow: () => browse.goTo(0),
      lastRow: () => browse.goTo(this.rows.total - 1),
      next: () => void this.lookFor(1),
      previous: () => void this.lookFor(-1),
      score: () => (many() ? this.#starMany(score) : this.scoreCurrent(score ?? 0)),
      star: () => (many() ? this.#starMany() : this.openStar()),
      accept: () => void (this.accept() || this.tell(words.suggestions.none)),
      tag: () => (many() ? this.many.open('tag') : this.tell(words.bulk.noneToTag)),
      copyLink: () => void this.copyLink(),
      undo: () => this.undo(),
      select: () => this.select(() => browse.selection.toggle()),
      extendDown: () => this.select(() => browse.extend(1)),
      extendUp: () => this.select(() => browse.extend(-1)),
      selectAll: () => this.select(() => browse.selection.all()),
      filters: () => this.openFilters(),
      column: () => (this.menu = browse.layout.shown[browse.column]?.id),
      redo: () => this.redo(),
      diff: () => this.inspecting.toggleDiff(),
      reading: () => this.inspecting.nextReading(),
      nextPair: () => this.inspecting.step(1),
      previousPair: () => this.inspecting.step(-1),
      find: () => this.inspecting.find(),
      inspect: () => {
        // Enter takes what is suggested in the cell; the letter only looks.
        if (letter === false && this.accept()) return;
        this.prefs.values.inspector = !this.prefs.values.inspector;
      },
      search: () => this.focusSearch(),
      palette: () => (this.sheet = 'palette'),
      settings: () => (this.sheet = 'settings'),
      keys: () => (this.sheet = 'keys'),
      goAll: () => this.show(''),
      goStarred: () => this.show('is:starred'),
      goUnreviewed: () => this.show('is:unreviewed'),
      goAssigned: () =>
        this.assigned ? this.show('assigned:me') : this.tell(words.together.notAssigned),
      goCharts: () => (browse.screen = 'charts'),
      goAgreement: () => (browse.screen = 'agreement'),
      goExport: () => this.openExport(),
    };
    if (action === 'close') return this.#closeTop();
    moves[action]?.();
    return action in moves;
  }

  // Without names nobody can say whose outputs are meant.
  #starMany(score?: number): void {
    if (this.masks && this.browse.models.length > 1) return this.tell(words.blind.noBulk);
    this.many.open('star', score);
  }

  /** The score that a press in a dialog gives, unless digits are switched off. */
  scoreOf(event: KeyboardEvent): number | undefined {
    const { actionOf } = this.bindings;
    const digit = this.prefs.values.letters ? digitOf(event, actionOf) : undefined;
    const gives = digit !== undefined && actionOf(String(digit)) === 'score';
    return gives ? digit || 10 : undefined;
  }

  /** Changes which rows are chosen, and says how many there are. */
  select(change: () => void): void {
    change();
    this.toasts.say(words.selection.spoken(this.browse.selection.count));
  }

  openFilters(): void {
    if (this.browse.layout.narrow) {
      this.sheet = 'filters';
      return;
    }
    this.prefs.values.rail = true;
    this.filtering++;
  }

  /** Shows the records of a query in the table. */
  show(q: string, sort = this.rows.sort): void {
    this.browse.screen = 'table';
    void this.browse.search(q, sort);
  }

  /** Goes to a record: in this view when it is there, else in a view of its own. */
  async open(custom_id: string): Promise<void> {
    const { browse, rows, prefs } = this;
    browse.screen = 'table';
    try {
      const index = rows.find(custom_id) ?? (await rows.position(rows.q, rows.sort, custom_id));
      if (index !== undefined) browse.goTo(index);
      else await browse.search(written('id', custom_id), '');
      prefs.values.inspector = true;
    } catch (error) {
      this.tell(error instanceof Error ? error.message : String(error));
    }
  }

  async lookFor(direction: 1 | -1, tries = 5): Promise<void> {
    const { browse, review, together } = this;
    try {
      // The server does not know of stars that are on their way to it.
      const start = review.again.goOnFrom(browse.current?.custom_id) ?? browse.row;
      const found = await browse.next(direction, (row) => !this.#isDone(row), start);
      if (found === 'again' && browse.current) {
        review.again.show(browse.current.custom_id, start);
        this.tell(words.blind.again);
      }
      if (found === 'none') this.tell(words.toast.noUnreviewed);
      if (found === 'claimed') this.tell(words.together.claimed);
      if (found === 'beyond') this.tell(words.toast.wentOn(direction));
      const moves = browse.moves;
      const custom_id = browse.current?.custom_id;
      if ((found !== 'found' && found !== 'beyond') || custom_id === undefined) return;
      // Somebody else came first, just now.
      const mine = await together.claim(custom_id);
      if (!mine && tries > 0 && browse.moves === moves) await this.lookFor(direction, tries - 1);
    } catch (error) {
      this.tell(error instanceof Error ? error.message : String(error));
    }
  }

  copyLink(row = this.browse.current): Promise<void> {
    return copyLink(this, row);
  }

  /** A link led to a record that is not in the view it names. */
  missing(id: string): void {
    const act = () => void this.browse.openAt(written('id', id), '', id);
    const text = words.link.notInView(id);
    this.toasts.show({
      kind: 'missing',
      tone: 'plain',
      text,
      button: { label: words.link.alone, act },
    });
    this.toasts.say(text);
  }

  /** Whether it is still to be reviewed: by those whom the query names, or else by anybody. */
  isUnreviewed(row: Row): boolean {
    return !this.#isDone(row) && row.outputs.some(canStar);
  }

  #isDone(row: Row): boolean {
    const by = doneBy(this.rows.q, this.reviewer);
    const stars = this.review.starsOf(row);
    if (by === undefined) return ofPeople(stars).length > 0;
    return stars.some((star) => star.starred_by === by);
  }

  /** Stars the output under the cursor with a score, keeping tags and notes it already has. */
  scoreCurrent(score: number): void {
    // What one sees is about to go: the next digit is for what comes.
    if (this.browse.looking) return this.tell(words.bar.looking);
    const row = this.browse.current;
    if (!row) return this.#sayLoading();
    if (this.#lacksAim(row)) return;
    const target = this.target(row);
    if (!target) return;
    this.scoreOne(row, target, score);
    if (this.prefs.values.advance) this.goOn();
  }

  /** To the next record, or the next unreviewed one, as the reviewer wants it. */
  goOn(): void {
    if (this.prefs.values.seek) void this.lookFor(1);
    else this.browse.move(1);
  }

  scoreOne(record: { custom_id: string; stars: Star[] }, target: Target, score: number): void {
    const mine = this.review.mine(record, target);
    const judgment = { score, tags: mine?.tags ?? [], notes: mine?.notes ?? '' };
    this.review.star(target, judgment, mine, false, undefined, record);
  }

  /** Makes mine what is suggested for the output under the cursor; false when nothing is. */
  accept(): boolean {
    const { browse, review } = this;
    const row = browse.current;
    const output = row && browse.model !== undefined ? browse.output(row) : undefined;
    if (!row || !output || !this.canReview || browse.looking || !canStar(output)) return false;
    const target = targetOf(row, output);
    const suggestion = review.suggestion(row, target);
    if (!suggestion) return false;
    review.accept(target, suggestion);
    if (this.prefs.values.advance) this.goOn();
    return true;
  }

  // A digit must never star what one does not look at: then it only says, or goes, where the output is.
  #lacksAim(row: Row): boolean {
    const { browse } = this;
    if (!this.canReview) return false;
    const first = browse.firstSeen(row);
    const here = browse.output(row);
    if (!first || (browse.model !== undefined && here && canStar(here))) return false;
    if (browse.model === undefined && browse.sees(browse.columnOf(first.model))) return false;
    if (browse.model === undefined) {
      this.tell(words.toast.chooseCell(first.model));
    } else {
      this.tell(words.toast.movedTo(browse.model, first.model));
      browse.goToCell(browse.columnOf(first.model));
    }
    return true;
  }

  // A key is never lost without a word; where there are no records the page says so already.
  #sayLoading(): void {
    if (!this.rows.loaded || this.rows.total > 0) this.tell(words.bar.loading);
  }

  openStar(row = this.browse.current, target = row && this.target(row)): void {
    if (!row) return this.#sayLoading();
    if (target) this.starring = { row, target };
  }

  undo(): void {
    if (!this.canReview) return;
    const refused = this.review.takeRefused();
    if (refused) return this.tell(words.toast.refusedUndo(refused.name || refused.custom_id));
    const act = this.acts.undo();
    if (!act) return this.tell(words.toast.nothingToUndo);
    this.#sayTurned(words.acts.undone(act), act.id, words.acts.redo, () => this.redo());
    this.#goTo(act.custom_id);
  }

  redo(): void {
    if (!this.canReview) return;
    const act = this.acts.redo();
    if (!act) return this.tell(words.acts.nothingToRedo);
    this.#sayTurned(words.acts.redone(act), act.id, words.toast.undo, () => this.undo());
    this.#goTo(act.custom_id);
  }

  /** Opens the dialog for the output of an earlier decision. */
  async edit({ custom_id, name, model, choice }: Decision): Promise<void> {
    const target = { custom_id, name, choice, ...(model === undefined ? {} : { model }) };
    const index = this.rows.find(custom_id);
    if (index !== undefined) this.browse.goTo(index);
    try {
      const row =
        (index !== undefined && this.rows.at(index)) || rowOf(await api.record(custom_id));
      if (this.canReview) this.starring = { row, target };
    } catch (error) {
      this.tell((error as ApiError).message);
    }
  }

  #sayTurned(text: string, about: string, label: string, act: () => void): void {
    this.toasts.show({ kind: 'star', about, tone: 'plain', text, button: { label, act } });
    this.toasts.say(text);
  }

  // Back to where it was, to judge again.
  #goTo(custom_id: string): void {
    const index = this.rows.find(custom_id);
    if (index !== undefined) this.browse.goTo(index);
  }

  /** What a star on this row would be for; says why when there is nothing. */
  target(row: Row): Target | undefined {
    if (!this.canReview) {
      this.tell(words.toast.readOnly);
      return undefined;
    }
    const output = this.browse.output(row);
    if (output && canStar(output)) return targetOf(row, output);
    const model = this.browse.model;
    this.tell(
      model ? words.toast.cannotStar(output?.state ?? '', model) : words.toast.nothingToStar,
    );
    return undefined;
  }

  #closeTop(): boolean {
    if (this.toasts.closeLast() || this.browse.selection.clear()) return true;
    if (!this.prefs.values.inspector) return false;
    this.prefs.values.inspector = false;
    return true;
  }

  tell(text: string): void {
    this.toasts.tell(text);
  }

  #checking: ReturnType<typeof setTimeout> | undefined;
  /** Looks in a while whether the server is well again. */
  checkLater(): void {
    this.#checking ??= setTimeout(() => {
      this.#checking = undefined;
      void this.live.ask();
    }, RETRY_MS);
  }

  // Another reviewer's acts are not mine to take back, and tags in use are another collection's elsewhere.
  #followReviewer(): () => void {
    let known = '';
    return $effect.root(() => {
      $effect(() => {
        const { collection, reviewer } = this;
        if (!collection || !reviewer) return;
        untrack(() => {
          this.tagSets.open(collection);
          this.live.rename();
          if (this.assigned) this.countAnew();
          if (isAboutMe(this.rows.q)) this.rows.refresh();
          this.acts.forget();
          void this.acts.load();
          this.review.again.forget();
          // Another one sees other stars, and outputs in another order.
          const isBlind = this.masks || this.hidesScores;
          if (known && known !== reviewer && isBlind) this.#anew();
          known = reviewer;
        });
      });
    });
  }

  #hearStatus(status: Status): void {
    const first = this.status === undefined;
    const grown = this.status && status.catalog.revision !== this.status.catalog.revision;
    this.status = status;
    veil.told(this.masks, () => this.reviewer);
    this.exports.allowed = !this.hidesScores;
    if (first) this.exports.refresh();
    this.identity.signedOut = false;
    this.browse.setModels(
      status.models.map((model) => model.name),
      status.collection,
    );
    if (grown) this.#catalogGrew();
    if (first) this.review.resume();
    // The server answers: what could not be sent may go now.
    else if (status.catalog.state === 'ready') this.review.retry();
    else if (this.review.unsaved.count > 0) this.checkLater();
  }

  #hearCatalog(catalog: Catalog): void {
    const before = this.status?.catalog;
    if (this.status) this.status = { ...this.status, catalog };
    if (catalog.state === 'ready' && before?.state !== 'ready') this.askSoon();
    if (!before || before.revision === catalog.revision) return;
    this.askSoon();
    this.#catalogGrew();
  }

  #hearSearch(search: Search): void {
    if (this.status) this.status = { ...this.status, search };
  }

  #catalogGrew(): void {
    this.rows.refresh();
    // While batches are read, counts would be out of date before they are here.
    if (this.status?.catalog.state === 'ready') this.countAnew();
  }

  #asking: ReturnType<typeof setTimeout> | undefined;
  /** Models, stars and blemishes are in the status only, and are not worth a request per event. */
  askSoon(): void {
    this.#asking ??= setTimeout(() => {
      this.#asking = undefined;
      void this.live.ask();
    }, 400);
  }

  // So much has changed that nothing that is here is worth keeping.
  #anew(): void {
    this.details.clear();
    this.rows.refresh();
    this.countAnew();
    this.acts.refresh();
    this.askSoon();
  }

  /** Whatever counts stars counts them again soon. */
  countAnew(): void {
    this.exports.refresh();
    this.facets.refresh();
  }

  #hearStars(custom_id: string, by: string): void {
    this.countAnew();
    // My own stars are on the screen already, and were patched in when acknowledged.
    if (by === this.reviewer && this.review.isBusy(custom_id)) return;
    if (by === this.reviewer) this.acts.refresh();
    this.renew(custom_id);
  }

  /** Fetches a record's stars soon, for all who show them. */
  renew(custom_id: string): void {
    this.#changed.add(custom_id);
    this.#patching ??= setTimeout(() => void this.#patch(), PATCH_MS);
  }

  async #patch(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    this.#patching = undefined;
    this.askSoon();
    for (const id of ids) this.details.renew(id);
    const seen = ids.filter((id) => this.rows.find(id) !== undefined);
    if (seen.length > PATCH_MAX) return this.rows.refresh();
    for (const id of seen) {
      try {
        const { stars } = await api.record(id);
        this.rows.patch(id, (row) => withStars(row, stars));
      } catch {
        // The next look at this block brings the truth.
      }
    }
  }
}

const place = Symbol('app');
export const provideApp = (app: App) => setContext(place, app);
export const useApp = () => getContext<App>(place);
