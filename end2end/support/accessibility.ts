import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect } from '@playwright/test';

/** The widths at which everything is looked at. */
export const viewports = {
  wide: { width: 1280, height: 800 },
  narrow: { width: 360, height: 740 },
};

/** Nothing serious in the page as it stands now, in either theme, and nothing that needs sideways scrolling. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNothingSerious(page);
  }
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways, 'pixels that stand out at the side').toBe(0);
}

/** Fails on anything that axe finds serious (WCAG 2.2 AA). */
async function expectNothingSerious(page: Page): Promise<void> {
  await page.evaluate(settle);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const words = serious.map(
    ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join('\n  ')}`,
  );
  expect(words.join('\n'), 'what axe finds serious').toBe('');
}

/** Waits until colours have stopped changing: halfway between two themes every contrast is wrong. */
async function settle(): Promise<void> {
  await new Promise(requestAnimationFrame);
  const passing = document.getAnimations().filter((animation) => {
    return Number.isFinite(Number(animation.effect?.getComputedTiming().endTime));
  });
  await Promise.allSettled(passing.map((animation) => animation.finished));
}
