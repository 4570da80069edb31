import type { BrowserContext, Page } from '@playwright/test';

import { Workspace } from '../pages/workspace.ts';
import type { Truth } from './truth.ts';

/** A page of the server that does not run the app: for looking into the stores, or speaking to the tabs, of a browser. */
export async function plainPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/healthz');
  return page;
}

/** A browser of somebody else, who has nothing yet. It is closed with the first one's browser. */
export async function anotherGuest(context: BrowserContext): Promise<BrowserContext> {
  const browser = context.browser();
  if (!browser) throw new Error('this context has no browser of which another could be made');
  const [page] = context.pages();
  return browser.newContext(page ? { baseURL: new URL(page.url()).origin } : {});
}

/**
 * A second browser of the same guest: the cookie is the same, nothing else is shared. Where it writes something,
 * the truth has to know of it.
 */
export async function sameGuest(context: BrowserContext, truth?: Truth): Promise<BrowserContext> {
  const other = await anotherGuest(context);
  await truth?.attach(other);
  await other.addCookies(await context.cookies());
  return other;
}

/** Opens a session in a second browser of the same guest. */
export async function anotherBrowser(
  context: BrowserContext,
  session: string,
  truth?: Truth,
): Promise<Workspace> {
  const workspace = await Workspace.at(await (await sameGuest(context, truth)).newPage(), `/s/${session}`);
  return workspace;
}

/** From now on pages of the browser hear nothing from the server by itself: where a test is about what they ask for. */
export async function withoutEvents(context: BrowserContext): Promise<void> {
  await context.route('**/api/events?*', (route) => route.abort());
}
