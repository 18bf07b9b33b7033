// What signing in and out says.
export const identity = {
  title: 'Sign in',
  lead: 'This collection is for those who have a token.',
  token: 'Token',
  tokenHint: 'It begins with gs_. Whoever runs this server has it for you.',
  enter: 'Sign in',
  entering: 'Signing in…',
  missing: 'Type or paste your token first.',
  wrong: 'Nobody has this token, or it was taken away.',
  unreachable: 'The server cannot be reached. Try again.',

  account: (name: string) => `Signed in as ${name}`,
  roles: {
    admin: 'Admin: stars and manages',
    reviewer: 'Reviewer: stars',
    agent: 'Agent: a program that stars',
    viewer: 'Viewer: looks, and does not star',
  },
  signOut: 'Sign out',
  waiting: (n: number) =>
    `${n === 1 ? '1 star' : `${n} stars`} not saved yet: kept in this browser until you sign in again.`,

  signedOut: 'The server no longer knows you.',
  signedOutHint: 'What you did is kept in this browser.',
  again: 'Sign in again',
};
