import type { Browser, BrowserContext } from '@playwright/test';

/** A browser of its own, with a storage of its own. `like`: of the same guest, whose cookie it gets. */
export async function anotherBrowser(
  browser: Browser,
  baseURL: string | undefined,
  like?: BrowserContext,
): Promise<BrowserContext> {
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  if (like) await context.addCookies(await like.cookies());
  return context;
}
