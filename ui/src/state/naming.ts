// When the names of models that were hidden are shown: once every output of a record that can be scored is.
import { veil } from '../api/client';
import type { Star } from '../api/types';
import type { BlindPlace } from '../api/veil';
import type { App } from './app.svelte';
import { canStar } from './browse.svelte';
import { isFor, type Target } from './stars';

interface Record {
  custom_id: string;
  outputs: { model: string; choice: number; state: string }[];
  stars: Star[];
}

export class Naming {
  #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** The name of the model behind a label, as soon as it may be known. */
  nameOf(record: Record, label: string): string | undefined {
    return this.#isNamed(record) ? veil.model(record.custom_id, label) : undefined;
  }

  /** Where an output stands for whoever does not know whose it is. */
  placeOf({ custom_id, model }: Target): BlindPlace | undefined {
    const { rows, details } = this.#app;
    const index = rows.find(custom_id);
    const row = index === undefined ? undefined : rows.at(index);
    const record = row ?? details.get(custom_id)?.detail;
    if (model === undefined || (record && this.#isNamed(record))) return undefined;
    return veil.placeOf(custom_id, model);
  }

  #isNamed(record: Record): boolean {
    const { masks, review, reviewer } = this.#app;
    if (!masks) return false;
    const stars = review.starsOf(record);
    const outputs = record.outputs.filter(canStar);
    const isScored = (output: Record['outputs'][number]) =>
      stars.some((star) => isFor(star, output, reviewer));
    return outputs.length > 0 && outputs.every(isScored);
  }
}
