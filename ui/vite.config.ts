// Builds the page into the server crate's embed folder, where build.rs picks it up.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  build: {
    rolldownOptions: { input: ['index.html', 'sign-in.html'] },
    outDir: '../crates/server/embed/dist',
    // The folder lies outside Vite's root, so emptying it must be asked for.
    emptyOutDir: true,
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    target: 'es2023',
    // The polyfill would be one more script; every supported browser preloads modules.
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    proxy: { '/api': 'http://127.0.0.1:8001' },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
  },
});
