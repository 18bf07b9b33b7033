// What the page says of what agents suggest.
import { some } from './numbers';

export const suggesting = {
  suggestions: {
    count: (n: number) => some(n, 'suggestion'),
    label: 'Suggested',
    badge: (score: number, by: string) => `Suggested by ${by}: ${score}/10`,
    button: (name: string, score: number, by: string) => `${name}: ${score}/10 suggested by ${by}`,
    by: (by: string) => `suggested by ${by}`,
    accept: 'Accept',
    acceptOf: (score: number, by: string, model: string) =>
      `Accept ${score}/10 for ${model}, suggested by ${by}`,
    none: 'Nothing is suggested for the output under the cursor.',
    accepted: (by: string | undefined) => (by ? `accepted from ${by}` : 'an accepted suggestion'),
  },
};
