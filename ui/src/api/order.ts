// In which order the outputs of a record stand when their models are not named. docs/blind.md has the rule and examples.

/** The models as they stand before one reviewer: by a number that is made of them all, the smallest first. */
export function shuffled(
  models: string[],
  seed: number,
  reviewer: string,
  custom_id: string,
): string[] {
  const begun = hash(`${seed}\n${reviewer}\n${custom_id}\n`);
  const keys = new Map(models.map((model) => [model, mixed(hash(model, begun))]));
  return [...keys.keys()].sort((a, b) => keys.get(a)! - keys.get(b)! || (a < b ? -1 : 1));
}

const encoder = new TextEncoder();

/** FNV-1a of the text's UTF-8, 32 bits. */
function hash(text: string, begun = 0x811c9dc5): number {
  let h = begun;
  for (const byte of encoder.encode(text)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

/** The last step of MurmurHash3, 32 bits: without it, names that differ in their last letter would keep their order. */
function mixed(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
