// Whether the server still knows who one is; when it does not, the way to where one signs in.
import { onSignedOut } from '../api/client';
import { signInAddress } from '../api/sign-in';

/** What was done a moment ago is written down in the browser first. */
const KEEPING_MS = 300;

export class Identity {
  /** The server wants to know who one is before it says anything. */
  signedOut = $state(false);

  /** Leads to where one signs in as soon as nothing is lost by it; returns how to stop. */
  watch(mayLeave: () => boolean): () => void {
    onSignedOut(() => (this.signedOut = true));
    const stop = $effect.root(() => {
      $effect(() => {
        if (!this.signedOut || !mayLeave()) return;
        const timer = setTimeout(() => location.assign(signInAddress()), KEEPING_MS);
        return () => clearTimeout(timer);
      });
    });
    return () => {
      stop();
      onSignedOut(() => {});
    };
  }
}
