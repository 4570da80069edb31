import type { Page } from '@playwright/test';

/** Closes a tab as a person does: the page is told. */
export async function close(page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
}
