import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { chromium } from './support/chromium.ts';
import { Journal } from './support/journal.ts';
import { expect, test } from './support/test.ts';

// The back button, in a browser that keeps the page that was left and shows it again as it was. Playwright's own
// Chromium is started without that.
test.use({ launchOptions: { ...chromium, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

test('[CTX-6] [TAB-5] a page kept for the back button lets another tab lead, and comes back with what it did', async ({
  page,
  context,
}) => {
  const one = new Workspace(page);
  await one.open();
  const session = await one.sessionId();
  await one.type('here; ');
  await one.save();
  const two = new Workspace(await context.newPage());
  await two.open(`/s/${session}`);
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
  await expect(one.notes).toHaveValue('here; there; and on');
});

test('[CTX-6] what is typed until the page is left is there when it comes back, and nothing of it twice', async ({
  page,
  context,
  server,
}) => {
  const one = new Workspace(page);
  await one.open();
  const session = await one.sessionId();
  await one.type('known; ');
  await one.save();
  const two = new Workspace(await context.newPage());
  await two.open(`/s/${session}`);
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
  for (const tab of [one, two]) await expect(tab.notes).toHaveValue('known; typed, and away; there; and on');
  // The server may be faster than the disk.
  await expect.poll(async () => (await Journal.read(page, session)).records).toHaveLength(0);
  const journal = await Journal.read(page, session);
  expect(journal.text('/notes')).toBe('known; typed, and away; there; and on');
});

/** Follows a link out of the page, which remembers how it comes back. */
async function leave(page: Page, to = '/healthz'): Promise<void> {
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted }));
  });
  await page.goto(to);
}

/** Presses the back button, and sees that it is the very page that was left. */
async function comeBack(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.enable');
  const navigated = new Promise<string>((resolve) => {
    devtools.on('Page.frameNavigated', ({ type }) => resolve(type));
  });
  // Playwright's own way back waits for a page that loads.
  await page.evaluate(() => void setTimeout(() => history.back()));
  expect(await navigated).toBe('BackForwardCacheRestore');
  const persisted = () => page.evaluate(() => (globalThis as { persisted?: boolean }).persisted);
  await expect.poll(persisted).toBe(true);
  await devtools.detach();
}
