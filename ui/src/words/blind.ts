// What the page says where scores of others or names of models are hidden, and where a record comes again.
export const blind = {
  badge: 'Blind',
  hint: (scores: boolean, models: boolean) =>
    [
      scores && 'Stars of others on an output appear once you have scored it yourself.',
      models && 'Names of models appear once all outputs of a record are scored.',
    ]
      .filter(Boolean)
      .join(' '),
  output: (letter: string) => `Output ${letter}`,
  /** A model that has a star here and no output. */
  elsewhere: 'An output that is gone',
  /** In a sentence of the server's. */
  someModel: 'a model',
  /** What is hidden no longer. */
  named: (model: string) => `Written by ${model}`,
  noBulk: 'Names of models are hidden: score outputs one by one.',
  noModels: 'Names of models are hidden.',
  noExport: 'Scores are hidden here: an admin exports.',
  again: 'You have scored this record before. Score it again; what you gave is hidden until then.',
  againShort: 'once more',
};
