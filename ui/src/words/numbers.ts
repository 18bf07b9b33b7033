// How numbers are written in sentences.
const count = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const number = (n: number) => count.format(n);
/** `8.4M`, where there is room for no more. */
export const short = (n: number) => (n < 10_000 ? number(n) : compact.format(n));
export const some = (n: number, one: string, many = `${one}s`) =>
  `${number(n)} ${n === 1 ? one : many}`;

/** Two digits behind the point, with a minus that is as wide as a plus; nothing has no sign. */
export const two = (n: number) =>
  n
    .toFixed(2)
    .replace(/^-(0\.00)$/, '$1')
    .replace('-', '−');
export const signed = (n: number) => (n >= 0.005 ? `+${two(n)}` : two(n));

/** Hundredths; nothing is all, and something none, only when it is. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return '0%';
  const rounded = Math.round((100 * part) / whole);
  const honest = part > 0 && part < whole ? Math.min(99, Math.max(1, rounded)) : rounded;
  return `${honest}%`;
}
