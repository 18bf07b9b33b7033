// Holds the page as it stands against the rules of accessibility, in each kind of light.
import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { expect } from './server';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

export const lights = [
  { name: 'light', colorScheme: 'light', contrast: 'no-preference' },
  { name: 'dark', colorScheme: 'dark', contrast: 'no-preference' },
  { name: 'more contrast', colorScheme: 'light', contrast: 'more' },
] as const;

/** No rule is broken, in any light; `before` is done anew in each of them. */
export async function checkInAllLights(page: Page, before?: () => Promise<unknown>): Promise<void> {
  for (const { name, ...light } of lights) {
    await page.emulateMedia(light);
    await before?.();
    await checkAccess(page, name);
  }
}

/** No rule is broken in this light. */
export async function checkAccess(page: Page, where = ''): Promise<void> {
  await rest(page);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (values) => {
    const judge = (globalThis as unknown as { axe: typeof axe }).axe;
    const runOnly = { type: 'tag' as const, values };
    const { violations } = await judge.run(document, { runOnly, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
    }));
  }, rules);
  expect.soft(violations, where).toEqual([]);
}

/** Waits until nothing moves or fades any more: it would be measured in between. */
const rest = (page: Page) =>
  page.evaluate(async () => {
    const ends = (one: Animation) => Number(one.effect?.getComputedTiming().endTime) < Infinity;
    const moving = () =>
      document.getAnimations().filter((one) => one.playState === 'running' && ends(one));
    for (let now = moving(); now.length > 0; now = moving()) {
      await Promise.allSettled(now.map(({ finished }) => finished));
    }
  });
