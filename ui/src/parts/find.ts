// Finds a text in what the inspector shows, and marks it above the text nodes, which stay as they are.
/** Where text stands that is to be found: not names of buttons and the like. */
const TEXTS = '.markdown, .plain, .alert, .source, .notes';
const CHARS_MAX = 2_000_000;

export const FOUND_MAX = 1000;

export function findIn(area: HTMLElement, wanted: string): Range[] {
  if (!wanted) return [];
  const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');
  const found: Range[] = [];
  let left = CHARS_MAX;
  for (const text of area.querySelectorAll(TEXTS)) {
    // What stands in another text has been looked through with it.
    if (text.parentElement?.closest(TEXTS)) continue;
    const { nodes, whole } = textOf(text, left);
    left -= whole.length;
    for (const { index, 0: hit } of whole.matchAll(pattern)) {
      if (found.length >= FOUND_MAX) return found;
      found.push(rangeOf(nodes, index, index + hit.length));
    }
  }
  return found;
}

/** Marks all that was found, one of them as the one that is looked at; returns how to take the marks away. */
export function mark(found: Range[], here: number): () => void {
  const registry = globalThis.CSS?.highlights as HighlightRegistry | undefined;
  if (!registry || found.length === 0) return () => {};
  registry.set('found', new Highlight(...found.filter((_, i) => i !== here)));
  const at = found[here];
  if (at) registry.set('found-here', new Highlight(at));
  return () => {
    registry.delete('found');
    registry.delete('found-here');
  };
}

/** Brings a match into sight: opens what is folded around it and scrolls whatever holds it. */
export function reveal(range: Range): void {
  const holder = range.startContainer.parentElement;
  for (let fold = holder?.closest('details'); fold; fold = fold.parentElement?.closest('details')) {
    fold.open = true;
  }
  for (let frame = holder; frame; frame = frame.parentElement) {
    if (frame.scrollHeight <= frame.clientHeight && frame.scrollWidth <= frame.clientWidth)
      continue;
    const [box, within] = [range.getBoundingClientRect(), frame.getBoundingClientRect()];
    if (box.top < within.top || box.bottom > within.bottom) {
      frame.scrollTop += box.top - within.top - within.height / 3;
    }
    if (box.left < within.left || box.right > within.right) {
      frame.scrollLeft += box.left - within.left - within.width / 3;
    }
  }
}

interface Piece {
  node: Text;
  at: number;
}

function textOf(text: Element, chars: number): { nodes: Piece[]; whole: string } {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes: Piece[] = [];
  let whole = '';
  while (whole.length < chars && walker.nextNode()) {
    const node = walker.currentNode as Text;
    nodes.push({ node, at: whole.length });
    whole += node.data;
  }
  return { nodes, whole };
}

function rangeOf(nodes: Piece[], from: number, to: number): Range {
  const range = document.createRange();
  const start = pieceAt(nodes, from);
  const end = pieceAt(nodes, to - 1);
  range.setStart(start.node, from - start.at);
  range.setEnd(end.node, to - end.at);
  return range;
}

/** The piece in which a character stands. */
function pieceAt(nodes: Piece[], place: number): Piece {
  let [low, high] = [0, nodes.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (nodes[middle]!.at <= place) low = middle;
    else high = middle - 1;
  }
  return nodes[low]!;
}
