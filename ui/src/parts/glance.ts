// Takes the commonest Markdown signs out of a preview, so that the few words there is room for can be read.
export function glance(text: string): string {
  return text
    .replace(/^ {0,3}#{1,6} +/gm, '')
    .replace(/^ {0,3}(?:-{3,}|`{3,}.*)$/gm, '')
    .replace(/\*\*(?=\S)([^*\n]+)(?<=\S)\*\*/g, '$1');
}
