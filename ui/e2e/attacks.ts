// A collection made by an enemy, and what must hold whatever of it is on the screen.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, type Server } from './server';

const run = 'globalThis.canary=(globalThis.canary||0)+1';
const [, ...given] = readFileSync(new URL('payloads.txt', import.meta.url), 'utf8').split('\n');
export const attacks = given
  .filter(Boolean)
  .map((attack) => attack.replaceAll('RUN', run).replaceAll('\\n', '\n'));

// A table has few models: the worst that a name of one can try.
const models = [
  `<img src=x onerror="${run}">`,
  `"><script>${run}</script>`,
  `</select><svg onload=${run}>`,
  `${'W'.repeat(300)} onclick="${run}"`,
];
const model = (i: number) => models[i % models.length]!;

/** An id is one line; everything else of an attack may stand in it. */
export const idOf = (attack: string, i: number) => `${i}-${attack.replaceAll('\n', ' ')}`;
/** As much of it as may stand in a tag or a reviewer's name. */
export const tagOf = (attack: string) =>
  attack
    .replace(/[,\s]+/g, ' ')
    .slice(0, 60)
    .trim();

export function answer(custom_id: string, of: string, content: string, finish_reason = 'stop') {
  const choices = [{ index: 0, finish_reason, message: { role: 'assistant', content } }];
  const body = { model: of, choices, usage: { prompt_tokens: 1, completion_tokens: 2 } };
  return { id: custom_id, custom_id, response: { status_code: 200, body }, error: null };
}

function request(custom_id: string, attack: string) {
  const messages = [{ role: 'user', content: `Name: ${attack}\n\n${attack}` }];
  return { custom_id, method: 'POST', url: '/v1/chat/completions', body: { model: 'm', messages } };
}

export function put(
  data: string,
  kind: 'input' | 'output',
  lines: object[],
  batch = 'batch_001',
): void {
  const folder = join(data, 'batches', kind);
  mkdirSync(folder, { recursive: true });
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  writeFileSync(join(folder, `${batch}.jsonl`), `${text}\n`);
}

/** Few enough that every list has room for all of them. */
export const BATCH = 10;

/** The attacks, batch by batch. */
export const batches = Array.from({ length: Math.ceil(attacks.length / BATCH) }, (_, i) => ({
  name: `batch_${String(i).padStart(3, '0')}`,
  attacks: attacks.slice(i * BATCH, (i + 1) * BATCH),
}));

/** Each attack as an answer of its own, within one, and all over the record it is in. */
export function write(folder: string): string {
  const data = join(folder, 'hostile');
  let i = 0;
  for (const { name, attacks } of batches) {
    const answers = attacks.flatMap((attack) => {
      const [id, first, second] = [idOf(attack, i), model(i), model(i + 1)];
      i++;
      return [
        answer(id, first, `# Title\n\n${attack}\n\nEnd.`, attack.slice(0, 40)),
        answer(id, second, attack),
      ];
    });
    put(data, 'output', answers, name);
  }
  const asked = attacks.map((attack, i) => request(idOf(attack, i), attack));
  put(data, 'input', asked);
  return data;
}

/** What must hold whatever is on the screen. */
export async function checkUnharmed(page: Page, where: string) {
  const found = await page.evaluate(() => ({
    ran: (globalThis as { canary?: number }).canary ?? 0,
    elements: document.querySelectorAll(
      '#app :is(img, iframe, script, style, object, embed, [action], base, meta, link)',
    ).length,
    links: document.querySelectorAll('a[href^="javascript" i]').length,
    handlers: [...document.querySelectorAll('#app *')].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith('on')),
    ).length,
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    // What only screen readers hear lies one pixel below the page.
    higher: Math.max(
      0,
      document.documentElement.scrollHeight - document.documentElement.clientHeight - 1,
    ),
  }));
  const none = { ran: 0, elements: 0, links: 0, handlers: 0, wider: 0, higher: 0 };
  expect(found, where).toEqual(none);
}

/** Every attack as tag and note of a star, by reviewers of such names. */
export async function starAll(
  server: Server,
  by = (_: string, i: number): string => (i % 2 ? 'user' : `<b onclick="${run}">x</b>`),
): Promise<void> {
  const { records } = await server.records('limit=500');
  expect(records).toHaveLength(attacks.length);
  const stars = records.map((row, i) => {
    const attack = attacks[i]!;
    return server.star(row, { tags: [tagOf(attack)], notes: attack, starred_by: by(attack, i) });
  });
  await Promise.all(stars);
}
