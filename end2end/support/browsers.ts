import type { BrowserContext } from '@playwright/test';

import { Workspace } from '../pages/workspace.ts';

/**
 * Opens a session in a second browser of the same guest: the cookie is the same, nothing else is shared.
 * It is closed with the first one's browser.
 */
export async function anotherBrowser(context: BrowserContext, session: string): Promise<Workspace> {
  const browser = context.browser();
  if (!browser) throw new Error('this context has no browser of which another could be made');
  const [page] = context.pages();
  const baseURL = page ? new URL(page.url()).origin : undefined;
  const other = await browser.newContext({
    storageState: { cookies: await context.cookies(), origins: [] },
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const workspace = new Workspace(await other.newPage());
  await workspace.open(`/s/${session}`);
  return workspace;
}
