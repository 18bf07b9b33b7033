// A chart's numbers as a CSV file (RFC 4180) that no spreadsheet takes for formulas.
import type { Data } from './chart';

export function csv({ columns, rows }: Data): string {
  const lines = [columns, ...rows.map((row) => row.map(({ text, value }) => value ?? text))];
  return lines.map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

// A model or a tag may be called `=cmd()`: an apostrophe keeps spreadsheets from running it.
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
