// What the settings dialog says.
export const settings = {
  title: 'Settings',
  looks: 'Looks',
  theme: 'Theme',
  density: 'Row height',
  language: 'Language',
  languages: { en: 'English' },
  languageHint: 'Goldstar speaks one language so far.',
  reviewing: 'Reviewing',
  reviewer: 'Reviewing as',
  reviewerHint: (name: string) => `The name on your stars in this tab. Empty: ${name}`,
  advance: 'After scoring by digit',
  advances: { next: 'Next record', unreviewed: 'Next unreviewed', stay: 'Stay' },
  keyboard: 'Keyboard',
  changeKeys: 'Change keys…',
  kept: 'Kept in this browser.',
};
