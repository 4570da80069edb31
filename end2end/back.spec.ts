import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { chromium } from './support/chromium.ts';
import { expect, test } from './support/test.ts';

// The back button, in a browser that keeps the page that was left and shows it again as it was. Playwright's own
// Chromium is started without that.
test.use({ launchOptions: { ...chromium, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

test('[CTX-6] [TAB-5] a page kept for the back button lets another tab lead, and comes back with what it did', async ({
  page,
  context,
  truth,
}) => {
  const one = await Workspace.at(page);
  const session = await one.sessionId();
  await one.type('here; ');
  await one.save();
  const two = await Workspace.at(await context.newPage(), `/s/${session}`);
  await leave(page);
  await expect(two.presence).toHaveCount(1);
  await two.type('there; ');
  await two.save();

  await comeBack(page);
  await one.ready();
  await expect(one.notes).toHaveValue('here; there; ');
  await expect(one.presence).toHaveCount(2);
  await one.type('and on');
  await expect(two.notes).toHaveValue('here; there; and on');
  await one.save();
  await one.reload();
  expect(await truth.confirm(context, session, [one, two])).toBe('here; there; and on');
});

test('[CTX-6] what is typed until the page is left is there when it comes back, and nothing of it twice', async ({
  page,
  context,
  server,
  truth,
}) => {
  const one = await Workspace.at(page);
  const session = await one.sessionId();
  await one.type('known; ');
  await one.save();
  const two = await Workspace.at(await context.newPage(), `/s/${session}`);
  await server.kill();
  await one.type('typed, and away; ');
  await leave(page, 'about:blank');
  await expect(two.notes).toHaveValue('known; typed, and away; ');
  await two.type('there; ');
  await two.shows('offline', 'on_device');

  await comeBack(page);
  await one.ready();
  await expect(one.notes).toHaveValue('known; typed, and away; there; ');
  await one.type('and on');
  await server.start();
  await one.save();
  await two.shows('saved');
  const text = await truth.confirm(context, session, [one, two]);
  expect(text).toBe('known; typed, and away; there; and on');
});

test('[CTX-6] a page that comes back has read what a tab that is gone again wrote before it writes anything', async ({
  page,
  context,
  server,
  truth,
}) => {
  const asked = await recordTransactions(page);
  const one = await Workspace.at(page);
  const session = await one.sessionId();
  await one.type('known; ');
  await one.save();
  const two = await Workspace.at(await context.newPage(), `/s/${session}`);
  await leave(page);
  await server.kill();
  await two.type('there; ');
  await two.shows('offline', 'on_device');
  // Nobody is left who could tell it.
  await two.page.close();

  await comeBack(page);
  await one.ready();
  await one.type('and on');
  await expect(one.notes).toHaveValue('known; there; and on');
  await one.shows('offline', 'on_device');
  const [first, ...rest] = await asked();
  expect(first).toBe('readonly');
  expect(rest).toContain('readwrite');
  await server.start();
  await one.save();
  expect(await truth.confirm(context, session, [one])).toBe('known; there; and on');
});

test('[TAB-7] [CTX-6] a page kept for the back button is gone when its guest is', async ({
  page,
  context,
  truth,
}) => {
  const workspace = await Workspace.at(page);
  await workspace.type('kept');
  await workspace.save();
  await truth.confirm(context, await workspace.sessionId(), [workspace]);
  await leave(page);
  // As signing out will do. The browser keeps a page that is not to be stored only as long as its cookies stay.
  await context.clearCookies();
  const { type, persisted } = await goBack(page);
  expect(type).toBe('Navigation');
  expect(persisted).toBe(false);
});

/** Follows a link out of the page, which remembers how it comes back. */
async function leave(page: Page, to = '/healthz'): Promise<void> {
  await page.evaluate(() => {
    Object.assign(globalThis, { persisted: false });
    addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted }));
  });
  await page.goto(to);
}

/** Presses the back button, and sees that it is the very page that was left. */
async function comeBack(page: Page): Promise<void> {
  expect(await goBack(page)).toEqual({ type: 'BackForwardCacheRestore', persisted: true });
}

/** Presses the back button; how the browser says that the page came, and how the page does. */
async function goBack(page: Page): Promise<{ type: string; persisted: boolean }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.enable');
  const navigated = new Promise<string>((resolve) => {
    devtools.on('Page.frameNavigated', ({ type }) => resolve(type));
  });
  // Playwright's own way back waits for a page that loads.
  await page.evaluate(() => void setTimeout(() => history.back()));
  const type = await navigated;
  await devtools.detach();
  // The page that was left waits for it; another one knows nothing of it.
  const persisted = () => page.evaluate(() => (globalThis as { persisted?: boolean }).persisted ?? null);
  await expect.poll(persisted).not.toBe(false);
  return { type, persisted: (await persisted()) === true };
}

/** How the journal was asked, since the page was shown last: the modes of the transactions over its records. */
async function recordTransactions(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    addEventListener('pagehide', () => asked.splice(0));
    const { transaction: make } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const made = make.call(this, stores, mode, options);
      if (made.objectStoreNames.contains('records')) asked.push(made.mode);
      return made;
    };
  });
  return () => page.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
}
