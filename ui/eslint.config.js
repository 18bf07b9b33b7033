// Lint rules; the formatter owns everything about layout.
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['node_modules', 'test-results', 'src/api/types.gen.ts'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, svelteConfig, extraFileExtensions: ['.svelte'] },
    },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      // There is no router: addresses are plain.
      'svelte/no-navigation-without-resolve': 'off',
      // Plain maps, sets and dates hold what is never shown, so nothing need react to them.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  // Scripts speak to people; tests speak through the browser's console.
  { files: ['scripts/**', 'e2e/**'], rules: { 'no-console': 'off' } },
);
