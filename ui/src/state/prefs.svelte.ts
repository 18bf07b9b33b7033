// What this browser remembers for one person: never anything about the data itself.
export type Theme = 'auto' | 'light' | 'dark';
export type Density = 'compact' | 'comfortable' | 'tall';
export type Reading = 'read' | 'raw' | 'json';

export interface Remembered {
  theme: Theme;
  density: Density;
  reading: Reading;
  /** Whether a digit goes on to the next record. */
  advance: boolean;
  /** Whether that is the next unreviewed one instead of the next row. */
  seek: boolean;
  /** Whether single letters and digits act at all (WCAG 2.1.4). */
  letters: boolean;
  inspector: boolean;
  /** Whether the filters stand beside the table, where there is room for them. */
  rail: boolean;
  /** Whether two outputs stand side by side there, and not all of them. */
  pairs: boolean;
  /** Whether the last decisions are shown. */
  strip: boolean;
  /** The inspector's share of the window's height, in percent. */
  pane: number;
  /** Empty: the server's default reviewer. */
  reviewer: string;
}

const place = 'goldstar';
/** The name is kept per tab: two reviewers at one browser must not sign for each other. */
const tabPlace = 'goldstar.reviewer';
const fresh: Remembered = {
  theme: 'auto',
  density: 'comfortable',
  reading: 'read',
  advance: true,
  seek: false,
  letters: true,
  inspector: false,
  rail: globalThis.innerWidth > 1000,
  pairs: false,
  strip: true,
  pane: 46,
  reviewer: '',
};

export const themes: Theme[] = ['auto', 'light', 'dark'];
export const densities: Density[] = ['compact', 'comfortable', 'tall'];

export const rowHeights: Record<Density, number> = { compact: 36, comfortable: 84, tall: 164 };
/** Lines of text in a row. */
export const rowLines: Record<Density, number> = { compact: 1, comfortable: 3, tall: 7 };

export class Prefs {
  values = $state<Remembered>(recall());

  /** Writes every change down; returns how to stop. */
  keep(): () => void {
    return $effect.root(() => {
      $effect(() => {
        const text = JSON.stringify(this.values);
        try {
          sessionStorage.setItem(tabPlace, this.values.reviewer);
          localStorage.setItem(place, text);
        } catch {
          // Storage may be full or forbidden; then the page forgets, and works on.
        }
      });
    });
  }
}

// Only known keys of the right type are taken over, so an old or broken note does no harm.
function recall(): Remembered {
  const values: Remembered = { ...fresh };
  try {
    const noted: unknown = JSON.parse(localStorage.getItem(place) ?? '{}');
    for (const [key, value] of Object.entries(noted as object)) {
      if (key in fresh && typeof value === typeof fresh[key as keyof Remembered]) {
        Object.assign(values, { [key]: value });
      }
    }
    values.reviewer = sessionStorage.getItem(tabPlace) ?? values.reviewer;
  } catch {
    return { ...fresh };
  }
  if (!(values.density in rowHeights)) values.density = fresh.density;
  values.pane = Math.min(85, Math.max(15, values.pane));
  return values;
}
