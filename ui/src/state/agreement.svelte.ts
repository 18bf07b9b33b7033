// What the agreement page shows: the report of a query's reviewers.
import { api, type ApiError, isAbort } from '../api/client';
import type { Agreement, Bias, Tagging } from '../api/types';

const WAIT_MS = 150;

export interface Source {
  agreement: typeof api.agreement;
  tagging: typeof api.tagging;
  bias?: typeof api.bias;
}

export class Agreeing {
  report = $state.raw<Agreement | undefined>();
  tagging = $state.raw<Tagging | undefined>();
  /** What sways the same scores. */
  bias = $state.raw<Bias | undefined>();
  /** The query that the report is of. */
  q = $state('');
  error = $state.raw<ApiError | undefined>();
  loading = $state(false);

  #source: Source;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: AbortController | undefined;

  constructor(source: Source = api) {
    this.#source = source;
  }

  /** Asks for the report of a query. The former stays until the new one is here. */
  ask(q: string): void {
    clearTimeout(this.#timer);
    this.loading = true;
    this.#timer = setTimeout(() => void this.#fetch(q), this.report ? WAIT_MS : 0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  async #fetch(q: string): Promise<void> {
    this.#flight?.abort();
    const { signal } = (this.#flight = new AbortController());
    try {
      const [report, tagging, bias] = await Promise.all([
        this.#source.agreement(q, signal),
        this.#source.tagging(q, signal),
        this.#source.bias?.(q, signal),
      ]);
      this.report = report;
      this.tagging = tagging;
      this.bias = bias;
      this.q = q;
      this.error = undefined;
    } catch (error) {
      if (isAbort(error)) return;
      this.error = error as ApiError;
    }
    if (!signal.aborted) this.loading = false;
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
