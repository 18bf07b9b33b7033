// Which texts would hold up the page if they were laid out as Markdown.
const MARKS = /\p{M}{201}/u;
const WINDOW = 10_000;
const SIGNS_MAX = 1000;
const LINE = /[^\n]{20001}/;

export function isPathological(text: string): boolean {
  // JSON is laid out, never read as Markdown, so only its letters can be heavy.
  return MARKS.test(text) || (!isJson(text) && (LINE.test(text) || isAllSigns(text)));
}

export function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The text in parts that browsers shape one by one: a letter with thousands of marks takes them seconds. */
export function pieces(text: string): string[] {
  return MARKS.test(text) ? text.split(/(\p{M}{100})/u).filter(Boolean) : [text];
}

function isAllSigns(text: string): boolean {
  for (let at = 0; at < text.length; at += WINDOW) {
    const signs = text.slice(at, at + WINDOW).match(/[*_[`]/g);
    if (signs && signs.length > SIGNS_MAX) return true;
  }
  return false;
}
