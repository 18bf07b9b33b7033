// Where a digit goes on to: two switches of the bar as the one choice that they are.
import type { Remembered } from './prefs.svelte';

export const advances = ['next', 'unreviewed', 'stay'] as const;
export type Advance = (typeof advances)[number];

export function advanceOf({ advance, seek }: Remembered): Advance {
  if (!advance) return 'stay';
  return seek ? 'unreviewed' : 'next';
}

export function setAdvance(values: Remembered, to: Advance): void {
  values.advance = to !== 'stay';
  values.seek = to === 'unreviewed';
}
