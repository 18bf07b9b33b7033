// What the page says of others who are here.
import { number, some } from './numbers';

export const together = {
  here: (by: string) => `${by} is here`,
  hereHint: (by: string) => `${by} has this record open to review it`,
  notAssigned: 'Nothing is assigned to anybody: goldstar.toml says who reviews what.',
  whoever: 'you',
  claimed: 'What is left unreviewed here, others have before them.',

  title: 'Who is here',
  others: (n: number) => `${some(n, 'person', 'people')} here`,
  rest: (n: number) => `+${number(n)}`,
  me: (name: string) => `${name} (you)`,
  at: 'reviews',
  goTo: (by: string, name: string) => `Go to ${name}, which ${by} reviews`,
};
