// Marks what the query looks for in whole texts: highlights above the text nodes, which stay as they are.
// Patterns are left out: the server's never take long, a browser's can be made to take for ever.
import { type Phrase, wordsIn } from '../state/sought';

/** What stands further on in an area is not marked. */
const CHARS_MAX = 256 * 1024;

/** An attachment that marks the phrases in an area's texts, again whenever these change. */
export const highlight = (phrases: Phrase[]) => (area: HTMLElement) => {
  const registry = globalThis.CSS?.highlights as HighlightRegistry | undefined;
  if (!registry || phrases.length === 0) return;
  const all = registry.get('sought') ?? new Highlight();
  registry.set('sought', all);
  let own: AbstractRange[] = [];
  let frame = 0;
  const clear = () => own.forEach((range) => all.delete(range));
  const soon = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      clear();
      own = places(area, phrases);
      own.forEach((range) => all.add(range));
    });
  };
  const watch = new MutationObserver(soon);
  watch.observe(area, { childList: true, characterData: true, subtree: true });
  soon();
  return () => {
    watch.disconnect();
    cancelAnimationFrame(frame);
    clear();
  };
};

function places(area: HTMLElement, phrases: Phrase[]): AbstractRange[] {
  const spots: { word: string; node: Text; from: number; to: number }[] = [];
  let left = CHARS_MAX;
  for (const text of area.querySelectorAll('.markdown, .plain')) {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (left > 0 && walker.nextNode()) {
      const node = walker.currentNode as Text;
      for (const { word, at, length } of wordsIn(node.data.slice(0, left))) {
        spots.push({ word, node, from: at, to: at + length });
      }
      left -= node.length;
    }
  }
  const stands = ({ words, goesOn }: Phrase, at: number) =>
    words.every((wanted, i) => {
      const word = spots[at + i]?.word;
      return goesOn && i + 1 === words.length ? word?.startsWith(wanted) : word === wanted;
    });
  return phrases.flatMap((phrase) =>
    spots.flatMap(({ node: startContainer, from: startOffset }, at) => {
      if (!stands(phrase, at)) return [];
      const { node: endContainer, to: endOffset } = spots[at + phrase.words.length - 1]!;
      return new StaticRange({ startContainer, startOffset, endContainer, endOffset });
    }),
  );
}
