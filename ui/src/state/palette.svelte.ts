// What the palette shows for what is typed: commands by their letters, records by name and id, as the server finds them.
import { api, isAbort } from '../api/client';
import { words } from '../words/en';
import type { App } from './app.svelte';
import type { Command, Group } from './commands';
import { fuzzy } from './fuzzy';
import { written } from './clauses';

const WAIT_MS = 150;
const SHOWN_MAX = 60;
/** What matches less than this share of the best is noise. */
const FAINT = 0.55;
const RECORDS_MAX = 6;
const TAGS_MAX = 4;

export interface Choice extends Command {
  /** Which characters of the title matched. */
  at: number[];
  index: number;
}

export class Palette {
  text = $state('');
  active = $state(0);
  searching = $state(false);
  failed = $state(false);

  #app: App;
  #commands: Command[];
  #found = $state.raw<Command[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: AbortController | undefined;

  readonly choices = $derived.by(() => this.#choose());
  readonly chosen = $derived<Choice | undefined>(
    this.choices[Math.min(this.active, this.choices.length - 1)],
  );
  readonly byGroup = $derived(
    [...new Set(this.choices.map(({ group }) => group))].map((group) => ({
      group,
      choices: this.choices.filter((choice) => choice.group === group),
    })),
  );

  constructor(app: App) {
    this.#app = app;
    this.#commands = app.commands.list();
  }

  /** The text was changed: the best choice is taken up, and records are looked for. */
  typed(): void {
    this.active = 0;
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.searching = this.text.trim() !== '';
    if (this.searching) this.#timer = setTimeout(() => void this.#look(), WAIT_MS);
    else this.#found = [];
  }

  move(by: number): void {
    const n = this.choices.length;
    if (n > 0) this.active = (Math.min(this.active, n - 1) + by + n) % n;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  #choose(): Choice[] {
    const typed = this.text.trim();
    const matched = this.#commands.flatMap((command) => {
      const match = fuzzy(typed, command.title);
      const more = !match && command.more ? fuzzy(typed, command.more) : undefined;
      const found = match ?? (more && { score: more.score - 5, at: [] });
      return found ? [{ choice: { ...command, at: found.at }, score: found.score }] : [];
    });
    // What is looked for by letters stands by how well it matches; groups stand by their best.
    if (typed) matched.sort((a, b) => b.score - a.score);
    const least = typed ? (matched[0]?.score ?? 0) * FAINT : -Infinity;
    const clear = matched.filter(({ score }) => score >= least);
    const commands = clear.slice(0, SHOWN_MAX).map(({ choice }) => choice);
    const found = this.#found.map((command) => ({
      ...command,
      at: fuzzy(typed, command.title)?.at ?? [],
    }));
    // A command that is meant by its first letters comes before a record that has them somewhere.
    return inGroups([...commands, ...found]);
  }

  async #look(): Promise<void> {
    const text = this.text.trim();
    const { signal } = (this.#flight = new AbortController());
    this.failed = false;
    try {
      const [tags, byId, byName] = await Promise.all([
        api.tags(text, signal),
        api.records(written('id', text), '', 0, RECORDS_MAX, signal),
        api.records(written('name', text), '', 0, RECORDS_MAX, signal),
      ]);
      const rows = new Map(
        [...byId.records, ...byName.records].map((row) => [row.custom_id, row] as const),
      );
      this.#found = [
        ...[...rows.values()].slice(0, RECORDS_MAX).map(({ custom_id, name }) => ({
          id: `record-${custom_id}`,
          group: 'records' as const,
          title: name || custom_id,
          more: name && name !== custom_id ? custom_id : undefined,
          run: () => void this.#app.open(custom_id),
        })),
        ...tags.slice(0, TAGS_MAX).map(({ tag, count }) => ({
          id: `tag-${tag}`,
          group: 'filter' as const,
          title: words.palette.filter(words.palette.byTag(tag)),
          more: words.number(count),
          run: () => this.#app.show(written('tag', tag)),
        })),
      ];
    } catch (error) {
      if (isAbort(error)) return;
      this.#found = [];
      this.failed = true;
    }
    if (!signal.aborted) this.searching = false;
  }
}

// In the order in which groups first come, so that the best choice stays on top.
function inGroups(choices: Omit<Choice, 'index'>[]): Choice[] {
  const order = new Map<Group, Omit<Choice, 'index'>[]>();
  for (const choice of choices) {
    const group = order.get(choice.group);
    if (group) group.push(choice);
    else order.set(choice.group, [choice]);
  }
  return [...order.values()].flat().map((choice, index) => ({ ...choice, index }));
}
