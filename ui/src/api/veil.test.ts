// The veil: no name gets through, and what is meant behind a label is known.
import { beforeEach, expect, it } from 'vitest';
import type { Page, RecordDetail, Status, Turned } from './types';
import { Veil } from './veil';

const MODELS = ['llama-70b', 'qwen-32b', 'gpt-x'];
const star = (model: string) => ({
  model,
  choice: 0,
  quality_score: 5,
  tags: [],
  notes: '',
  starred_by: 'ada',
  starred_at: '2026-01-01T00:00:00Z',
  kind: 'human',
  stale: false,
});
const cell = (model: string) => ({ model, choice: 0, state: 'ok', preview: `by ${model[0]}` });
const page = (): Page =>
  ({
    total: 1,
    view: 'v',
    records: [
      {
        row: 0,
        custom_id: 'q-1',
        outputs: MODELS.map(cell),
        stars: [star('qwen-32b'), star('old')],
      },
    ],
  }) as unknown as Page;

let veil: Veil;

beforeEach(() => {
  veil = new Veil();
  const models = MODELS.map((name) => ({ name, outputs: 3, errors: 0 }));
  veil.status({ models, blind: { scores: false, models: true } } as unknown as Status);
  veil.told(true, () => 'ada');
});

it('leaves no name in a page, and knows whose output is meant', () => {
  const seen = veil.page(page());
  expect(JSON.stringify(seen)).not.toMatch(/llama|qwen|gpt|old/);
  const [row] = seen.records;
  expect(row!.outputs.map(({ model }) => model)).toEqual(['Output A', 'Output B', 'Output C']);
  for (const { model, preview } of row!.outputs) {
    expect(veil.model('q-1', model)[0], model).toBe(preview.at(-1));
  }
  const at = row!.outputs.findIndex(({ preview }) => preview === 'by q');
  expect(row!.stars.map(({ model }) => model)).toEqual([`Output ${'ABC'[at]}`, 'Output D']);
  expect(veil.model('q-1', 'Output D')).toBe('old');
});

it('says where an output stood', () => {
  veil.page(page());
  const place = veil.placeOf('q-1', 'Output B');
  expect(place).toMatchObject({ place: 2, of: 3 });
  expect(veil.placeOf('q-1', 'Output A')?.seed).toBe(place!.seed);
  // A model that has a star and no output stands nowhere.
  expect(veil.placeOf('q-1', 'Output D')).toBeUndefined();
  expect(veil.placeOf('q-2', 'Output A')).toBeUndefined();
});

it('leaves out what else would tell', () => {
  const detail = {
    custom_id: 'q-1',
    prompt_source: { file: 'input/llama-70b.jsonl', line: 1 },
    outputs: MODELS.map((model) => ({
      ...cell(model),
      text: '',
      asked_model: `vendor/${model}`,
      file: `output/${model}.jsonl`,
      line: 1,
      older: [{ ...cell(model), asked_model: model, file: `output/${model}-old.jsonl` }],
    })),
    stars: [],
    history: [star('gpt-x')],
  } as unknown as RecordDetail;
  expect(JSON.stringify(veil.record(detail))).not.toMatch(/llama|qwen|gpt/);
  expect(veil.text('q-1 has no output of model llama-70b')).toBe(
    'q-1 has no output of model a model',
  );
});

it('names no model of a record that the page does not know', () => {
  const act = { custom_id: 'q-9', model: 'gpt-x', choice: 0 };
  const turned = { act, changed: [{ ...act, star: star('gpt-x') }] } as unknown as Turned;
  expect(JSON.stringify(veil.turned(turned))).not.toMatch(/gpt/);
});
