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
  let typed = 'known; ';
  await one.type(typed);
  await one.save();
  const two = await Workspace.at(await context.newPage(), `/s/${session}`);
  // A page whose last transaction holds the other tab up is not kept by the browser: what it typed is there all
  // the same, and it is tried again.
  let ways: Way[] = [];
  while (!ways.some(({ persisted }) => persisted)) {
    expect(ways.length, JSON.stringify(ways)).toBeLessThan(5);
    await server.kill();
    await one.type('typed, and away; ');
    await leave(page, 'about:blank');
    typed += 'typed, and away; ';
    await expect(two.notes).toHaveValue(typed);
    await two.type('there; ');
    typed += 'there; ';
    await two.shows('offline', 'on_device');

    const way = await goBack(page);
    ways = [...ways, way];
    if (!way.persisted) {
      await server.start();
      await page.reload();
    }
    await one.ready();
    await expect(one.notes).toHaveValue(typed);
    await one.type('and on; ');
    typed += 'and on; ';
    if (way.persisted) await server.start();
    await one.save();
    await two.shows('saved');
  }
  expect(await truth.confirm(context, session, [one, two])).toBe(typed);
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

/** How a page came back. */
interface Way {
  /** As the browser says it. */
  type: string;
  /** It is the very page that was left, as that page says. */
  persisted: boolean;
  /** Why the browser did not keep it. */
  why: string[];
}

/** Presses the back button, and sees that it is the very page that was left. */
async function comeBack(page: Page): Promise<void> {
  expect(await goBack(page)).toEqual({ type: 'BackForwardCacheRestore', persisted: true, why: [] });
}

/** Presses the back button. */
async function goBack(page: Page): Promise<Way> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.enable');
  const why: string[] = [];
  devtools.on('Page.backForwardCacheNotUsed', ({ notRestoredExplanations }) => {
    why.push(...notRestoredExplanations.map(({ reason, details }) => JSON.stringify({ reason, details })));
  });
  const navigated = new Promise<string>((resolve) => {
    devtools.on('Page.frameNavigated', ({ type }) => resolve(type));
  });
  // Playwright's own way back waits for a page that loads.
  await page.evaluate(() => void setTimeout(() => history.back()));
  const type = await navigated;
  // The page that was left waits for it; another one knows nothing of it.
  const persisted = () => page.evaluate(() => (globalThis as { persisted?: boolean }).persisted ?? null);
  await expect.poll(persisted).not.toBe(false);
  await devtools.detach();
  return { type, persisted: (await persisted()) === true, why };
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
