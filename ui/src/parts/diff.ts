// Has two texts compared in a worker, and ends it when it takes too long or the answer is no longer wanted.
import address from './diff.worker?worker&url';
import type { Part } from './differ';

const WAIT_MS = 4000;

/** Nothing when the texts differ too much to be compared in time. */
export function compare(
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<Part[] | undefined> {
  if (from === to) return Promise.resolve(from ? [{ text: from, side: 'both' }] : []);
  return new Promise((resolve, reject) => {
    const worker = new Worker(trusted(address), { type: 'module' });
    const end = (finish: () => void) => {
      worker.terminate();
      clearTimeout(timer);
      finish();
    };
    // The library looks at the clock between its steps only; one of them may be long.
    const timer = setTimeout(() => end(() => resolve(undefined)), WAIT_MS + 500);
    signal.addEventListener('abort', () => end(() => reject(signal.reason as Error)));
    worker.onmessage = ({ data }: MessageEvent<Part[] | undefined>) => end(() => resolve(data));
    worker.onerror = () => end(() => reject(new Error('the worker failed')));
    worker.postMessage({ from, to, timeout: WAIT_MS });
  });
}

/** How many words stand in one of the two only. */
export function counted(parts: Part[], side: Part['side']): number {
  const words = (text: string) => text.match(/\S+/g)?.length ?? 0;
  return parts.reduce((sum, part) => sum + (part.side === side ? words(part.text) : 0), 0);
}

/** The first parts, up to so many characters. */
export function within(parts: Part[], chars: number): Part[] {
  const shown: Part[] = [];
  let left = chars;
  for (const part of parts) {
    if (left <= 0) break;
    shown.push(part.text.length <= left ? part : { ...part, text: part.text.slice(0, left) });
    left -= part.text.length;
  }
  return shown;
}

// The page may start no other script than this one: Trusted Types refuse every other address.
const policy = window.trustedTypes?.createPolicy('goldstar-worker', {
  createScriptURL(url: string) {
    if (url !== address) throw new TypeError('not the address of the worker');
    return url;
  },
});

const trusted = (url: string) => (policy?.createScriptURL(url) ?? url) as unknown as string;
