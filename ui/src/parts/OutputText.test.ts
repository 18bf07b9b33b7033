// What one sees of an answer that would hold up the page: all of it, as plain text, and why.
import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import type { Run } from '../api/types';
import OutputText from './OutputText.svelte';

afterEach(cleanup);

const show = (text: string) =>
  render(OutputText, { run: { text, state: 'ok' } as unknown as Run, reading: 'read' });

it('shows a text of nothing but signs or marks as plain text, and says so', () => {
  for (const text of ['*'.repeat(20_000), `a${'\u0301'.repeat(40_000)}`]) {
    const { container } = show(text);
    expect(screen.getByText(/Shown as plain text/)).toBeTruthy();
    expect(container.querySelector('.plain')?.textContent).toBe(text);
    expect(container.querySelector('.markdown')).toBeNull();
    cleanup();
  }
});

it('lays an ordinary text out', async () => {
  const { container } = show('**bold**');
  expect(screen.queryByText(/Shown as plain text/)).toBeNull();
  await expect.poll(() => container.querySelector('.markdown strong')?.textContent).toBe('bold');
});
