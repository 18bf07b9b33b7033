// What the charts share: the shape of their tables, moments in words, and moving from mark to mark by key.
import type { Bucket } from '../api/types';

export interface Cell {
  text: string;
  /** What stands in the CSV file instead. */
  value?: number | string;
  /** The address of the records it counts. */
  href?: string;
}

/** A chart's numbers, as its table shows them and its CSV file holds them. */
export interface Data {
  columns: string[];
  rows: Cell[][];
}

const SECONDS: Record<Bucket, number> = { minute: 60, hour: 3600, day: 86_400, week: 604_800 };

/** When bucket `i` begins. */
export const moment = (from: string, bucket: Bucket, i: number) =>
  new Date(Date.parse(from) + i * SECONDS[bucket] * 1000);

/** The clause that asks for the stars of bucket `i`. Of weeks the first has all that is older, too. */
export function given(from: string, bucket: Bucket, i: number): string {
  const whole = bucket === 'day' || bucket === 'week';
  const say = (when: Date) => `${when.toISOString().slice(0, whole ? 10 : 19)}${whole ? '' : 'Z'}`;
  const last = say(new Date(moment(from, bucket, i + 1).getTime() - 1000));
  const first = bucket === 'week' && i === 0 ? '' : say(moment(from, bucket, i));
  return `starred:${first === last ? first : `${first}..${last}`}`;
}

const clock: Intl.DateTimeFormatOptions = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};
const formats: Record<Bucket, Intl.DateTimeFormat> = {
  minute: new Intl.DateTimeFormat('en', clock),
  hour: new Intl.DateTimeFormat('en', clock),
  // The server's days and weeks begin at midnight UTC.
  day: new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }),
  week: new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }),
};

export const sayMoment = (when: Date, bucket: Bucket) => formats[bucket].format(when);

/** A text cut to a width in pixels, at the size charts write in. */
export function cut(text: string, width: number, size = 12): string {
  const signs = [...text];
  // Wide enough for most Latin letters; signs of other scripts are wider.
  const wide = (sign: string) => size * (sign.codePointAt(0)! > 0x2e80 ? 1 : 0.58);
  let left = width;
  for (const [i, sign] of signs.entries()) {
    left -= wide(sign);
    if (left < 0) return `${signs.slice(0, Math.max(1, i - 1)).join('')}…`;
  }
  return text;
}

/** Makes a chart's marks one stop of the Tab key, with arrows to go from one to the next. */
export function roving(root: Element): () => void {
  const all = () => [...root.querySelectorAll<SVGAElement>('a.mark')];
  const settle = (chosen: Element | undefined) => {
    for (const mark of all()) mark.setAttribute('tabindex', mark === chosen ? '0' : '-1');
  };
  const markOf = ({ target }: Event) =>
    (target as Element).closest<SVGAElement>('a.mark') ?? undefined;
  const focusin = (event: Event) => {
    const mark = markOf(event);
    if (mark) settle(mark);
  };
  const press = (event: Event) => {
    const { key, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
    const here = markOf(event);
    if (!here || ctrlKey || metaKey || altKey) return;
    const ends = { Home: all()[0], End: all().at(-1) } as Record<string, SVGAElement | undefined>;
    const next = key in ends ? ends[key] : nearest(all(), here, key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  };
  const watch = new MutationObserver(() =>
    settle(all().find((mark) => mark.getAttribute('tabindex') === '0') ?? all()[0]),
  );
  settle(all()[0]);
  watch.observe(root, { childList: true, subtree: true });
  // An SVG that listens to the focus would be a stop of the Tab key itself.
  const frame = root.parentElement ?? root;
  frame.addEventListener('focusin', focusin);
  frame.addEventListener('keydown', press);
  return () => {
    watch.disconnect();
    frame.removeEventListener('focusin', focusin);
    frame.removeEventListener('keydown', press);
  };
}

const AHEAD: Record<string, [x: number, y: number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The mark that the eye would find next in a direction. */
function nearest(marks: SVGAElement[], here: SVGAElement, key: string): SVGAElement | undefined {
  const ahead = AHEAD[key];
  if (!ahead) return undefined;
  const middle = (mark: Element) => {
    const { x, y, width, height } = mark.getBoundingClientRect();
    return [x + width / 2, y + height / 2] as const;
  };
  const [x, y] = middle(here);
  let found: { mark: SVGAElement; far: number } | undefined;
  for (const mark of marks) {
    const [mx, my] = middle(mark);
    const along = (mx - x) * ahead[0] + (my - y) * ahead[1];
    const aside = Math.abs((mx - x) * ahead[1]) + Math.abs((my - y) * ahead[0]);
    const far = along + 3 * aside;
    if (mark !== here && along > 1 && (!found || far < found.far)) found = { mark, far };
  }
  return found?.mark;
}
