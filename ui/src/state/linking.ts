// A link to the record that one looks at, taken along in the clipboard.
import type { Row } from '../api/types';
import { words } from '../words/en';
import type { App } from './app.svelte';
import { linkTo } from './place.svelte';

export async function copyLink(app: App, row: Row | undefined): Promise<void> {
  if (!row) return;
  const link = linkTo(app.browse, app.prefs.values, row.custom_id);
  try {
    await navigator.clipboard.writeText(link);
    app.tell(words.link.copied(row.name || row.custom_id));
  } catch {
    // Without the clipboard the link can still be taken from the address bar.
    history.replaceState(null, '', link);
    app.tell(words.link.notCopied);
  }
}
