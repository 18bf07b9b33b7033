// The commands that the page itself offers to the palette: every key, sorts, filters, columns, and how it looks.
import { signOut } from '../api/sign-in';
import { words } from '../words/en';
import { advances, setAdvance } from './advance';
import type { App } from './app.svelte';
import { titleOf } from './columns.svelte';
import type { Command, Group } from './commands';
import { type Action, type Key, keyTable } from './keys';
import { written } from './clauses';
import { narrow } from './narrow';
import { densities, themes } from './prefs.svelte';
import { recentQueries } from './recent';

const say = words.palette;

export function offerAll(app: App): Command[] {
  return [
    ...recent(app),
    ...actions(app),
    ...scores(app),
    ...filters(app),
    ...sorts(app),
    ...columns(app),
    ...looks(app),
    ...account(app),
  ];
}

function account(app: App): Command[] {
  if (!app.me) return [];
  const title = words.identity.signOut;
  return [{ id: 'sign-out', group: 'act', title, run: () => void signOut() }];
}

/** Of these the palette says more itself, or they mean nothing in it. */
const UNLISTED = new Set<Action>(['score', 'palette', 'close']);
const WRITING = new Set<Action>(['star', 'accept', 'undo']);

function actions(app: App): Command[] {
  const means = ({ action, reach }: Key) =>
    !UNLISTED.has(action) &&
    (app.canReview || !WRITING.has(action)) &&
    (app.browse.screen === 'table' || reach !== undefined);
  return keyTable.flatMap(({ title, keys }) =>
    keys.filter(means).map(({ action }) => ({
      id: `key-${action}`,
      group: groupOf(title),
      title: words.keys.actions[action],
      action,
      run: () => void app.act({ action }),
    })),
  );
}

function groupOf(title: string): Group {
  if (title === words.keys.go || title === words.keys.move) return 'go';
  return title === words.keys.look ? 'look' : 'act';
}

function scores(app: App): Command[] {
  if (!app.canReview || app.browse.screen !== 'table') return [];
  return Array.from({ length: 10 }, (_, i) => ({
    id: `score-${i + 1}`,
    group: 'act' as const,
    title: say.score(i + 1),
    run: () => app.scoreCurrent(i + 1),
  }));
}

/** Models that can be asked for by name. */
const namesOf = (app: App) => (app.masks ? [] : app.browse.models);

function filters(app: App): Command[] {
  // What was asked last counts, also while its answer is on the way.
  const q = app.rows.asked;
  const filter = (id: string, title: string, text: string): Command => ({
    id: `filter-${id}`,
    group: 'filter',
    title,
    more: text,
    run: () => void app.browse.search(narrow(q, text), app.rows.sort),
  });
  const states = Object.entries(words.rail.states).map(([state, name]) =>
    filter(state, say.filter(name.toLowerCase()), `is:${state}`),
  );
  const models = namesOf(app).map((model) =>
    filter(`model-${model}`, say.filter(say.byModel(model)), written('model', model)),
  );
  const byScore = Array.from({ length: 10 }, (_, i) =>
    filter(`score-${i + 1}`, say.filter(say.byScore(i + 1)), `score:${i + 1}`),
  );
  const mine = filter('mine', say.filter(say.byMe), written('by', app.reviewer));
  const clear: Command = {
    id: 'filter-none',
    group: 'filter',
    title: say.unfilter,
    run: () => void app.browse.search('', app.rows.sort),
  };
  return [...(q ? [clear] : []), ...states, mine, ...models, ...byScore];
}

function sorts(app: App): Command[] {
  const sort = (key: string, name: string, down: boolean): Command => ({
    id: `sort-${down ? '-' : ''}${key}`,
    group: 'sort',
    title: say.sort(name, down),
    run: () => app.show(app.rows.asked, `${down ? '-' : ''}${key}`),
  });
  const { chars, tokens, ...plain } = say.sorts;
  const keys = [
    ...Object.entries(plain),
    ...namesOf(app).flatMap((model): [string, string][] => [
      [`chars:${model}`, chars(model)],
      [`tokens:${model}`, tokens(model)],
    ]),
  ];
  const natural: Command = {
    id: 'sort-natural',
    group: 'sort',
    title: say.sortNatural,
    run: () => app.show(app.rows.asked, ''),
  };
  return [
    ...keys.flatMap(([key, name]) => [sort(key, name, true), sort(key, name, false)]),
    natural,
  ];
}

function columns(app: App): Command[] {
  const { browse } = app;
  if (browse.screen !== 'table') return [];
  const { layout } = browse;
  const command = (id: string, title: string, run: () => void): Command => ({
    id: `column-${id}`,
    group: 'columns',
    title,
    run,
  });
  const each = layout.movable.map((id) => {
    const name = titleOf(id, app.status?.heading ?? '');
    const arrange = (change: () => void) => () => browse.arrange(change);
    const [isHidden, isPinned] = [layout.isHidden(id), layout.isPinned(id)];
    const ofShown = [
      command(id, say.column(name), () => browse.goToId(id)),
      command(
        `pin-${id}`,
        isPinned ? say.unpinColumn(name) : say.pinColumn(name),
        arrange(() => layout.pin(id, !isPinned)),
      ),
      command(`menu-${id}`, say.columnMenu(name), () => (app.menu = id)),
    ];
    const hide = command(
      `hide-${id}`,
      isHidden ? say.showColumn(name) : say.hideColumn(name),
      arrange(() => layout.hide(id, !isHidden)),
    );
    return isHidden ? [hide] : [...ofShown, hide];
  });
  const reset = command('reset', say.resetColumns, () => browse.arrange(() => layout.reset()));
  return [...each.flat(), reset];
}

function looks(app: App): Command[] {
  const { values } = app.prefs;
  const look = (id: string, title: string, run: () => void): Command => ({
    id,
    group: 'look',
    title,
    run,
  });
  return [
    ...themes.map((theme) =>
      look(`theme-${theme}`, say.theme(words.header.themes[theme]), () => (values.theme = theme)),
    ),
    ...densities.map((density) =>
      look(
        `density-${density}`,
        say.density(words.bar.densities[density]),
        () => (values.density = density),
      ),
    ),
    ...(app.canReview ? advances : []).map((advance) =>
      look(`advance-${advance}`, say.advance(words.settings.advances[advance]), () =>
        setAdvance(values, advance),
      ),
    ),
    look('letters', say.letters(values.letters), () => (values.letters = !values.letters)),
    look('blemishes', say.blemishes, () => (app.sheet = 'blemishes')),
  ];
}

function recent(app: App): Command[] {
  const asked = recentQueries(app.status?.collection ?? '').filter((q) => q !== app.rows.q);
  return asked.slice(0, 5).map((q) => ({
    id: `recent-${q}`,
    group: 'recent',
    title: q,
    run: () => void app.browse.search(q, app.rows.sort),
  }));
}
