// What the agreement page shows: the report of a query's reviewers.
import { api } from '../api/client';
import type { Agreement, Bias, Tagging } from '../api/types';
import { Asking } from './asking.svelte';

export type Source = Pick<typeof api, 'agreement' | 'tagging' | 'bias'>;

export class Agreeing extends Asking {
  report = $state.raw<Agreement | undefined>();
  tagging = $state.raw<Tagging | undefined>();
  /** What sways the same scores. */
  bias = $state.raw<Bias | undefined>();

  #source: Source;

  constructor(source: Source = api) {
    super();
    this.#source = source;
  }

  protected get isThere(): boolean {
    return this.report !== undefined;
  }

  protected async fetch(q: string, signal: AbortSignal): Promise<void> {
    [this.report, this.tagging, this.bias] = await Promise.all([
      this.#source.agreement(q, signal),
      this.#source.tagging(q, signal),
      this.#source.bias(q, signal),
    ]);
    this.q = q;
  }
}

/** From where on Krippendorff calls an agreement reliable, and tentatively so. */
const RELIABLE = 0.8;
const TENTATIVE = 0.667;
/** ICC(3,1) so much above ICC(2,1), of so many outputs, says that reviewers differ in height and not in order. */
const BIASED = 0.15;
const OUTPUTS_LEAST = 10;

export type Meaning = 'good' | 'tentative' | 'poor' | 'none';

export function meaningOf(alpha: number | undefined): Meaning {
  if (alpha === undefined) return 'none';
  if (alpha >= RELIABLE) return 'good';
  return alpha >= TENTATIVE ? 'tentative' : 'poor';
}

/** Whether reviewers agree in order much more than in height. */
export function isBiased({ icc }: Agreement): boolean {
  if (!icc || icc.outputs < OUTPUTS_LEAST) return false;
  return (icc.icc_3_1.value ?? 0) - (icc.icc_2_1.value ?? 0) > BIASED;
}
