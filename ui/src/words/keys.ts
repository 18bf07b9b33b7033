// What is said where keys are changed, and between two strokes.
export const changing = {
  andThen: 'then',
  change: 'Change keys',
  changeDone: 'Done',
  changeHint:
    'Add a key, or take one away to switch it off. G and a second key is a pair. Kept in this browser.',
  add: (does: string) => `Add a key for “${does}”`,
  addShort: 'Add',
  remove: (combo: string, does: string) => `Take ${combo} away from “${does}”`,
  none: 'off',
  listening: 'Press the new key…',
  listeningPair: (first: string) => `${first}, then…`,
  listeningHint: 'Esc leaves it as it is',
  added: (combo: string, does: string) => `${combo} now does “${does}”.`,
  removed: (combo: string, does: string) => `${combo} no longer does “${does}”.`,
  taken: (combo: string, does: string) =>
    `${combo} already does “${does}”. Take it away there first.`,
  prefix: (combo: string, does: string) =>
    `${combo} cannot be told from the keys of “${does}”. Take those away first.`,
  reserved: (combo: string) => `${combo} belongs to the browser or to text fields. Choose another.`,
  reset: (does: string) => `Give “${does}” its own keys back`,
  resetShort: 'Reset',
  resetAll: 'Reset all keys',
  wasReset: 'All keys are as they were at first.',
  digits: 'The digits can be switched off; they stay in their places.',
  digitsOn: 'Score by digits',
  pending: (first: string) => `${first}, then:`,
};
