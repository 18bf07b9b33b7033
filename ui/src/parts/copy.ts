// Puts a text into the clipboard and says whether that went well.
import type { Toasts } from '../state/toasts.svelte';
import { words } from '../words/en';

export async function copy(toasts: Toasts, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.show({ kind: 'copy', tone: 'plain', text: words.inspector.copied });
    toasts.say(words.inspector.copied);
  } catch {
    toasts.show({ kind: 'copy', tone: 'error', text: words.inspector.copyFailed });
  }
}
