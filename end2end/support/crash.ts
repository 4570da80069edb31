import type { Page } from '@playwright/test';

/** Lets the process that runs a page crash. */
export async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const devtools = await page.context().newCDPSession(page);
  // It has no answer.
  devtools.send('Page.crash').catch(() => undefined);
  await crashed;
}
