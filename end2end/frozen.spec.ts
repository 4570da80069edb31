import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import { StoppedClock } from './support/clock.ts';
import { recordLeads } from './support/leads.ts';
import { holdJournal } from './support/storage.ts';
import { expect, test } from './support/test.ts';

// A page that the browser put away and brings back reads the journal before anything else is said or written.

test('[CTX-6] [CTX-7] a page that comes back says nothing before it has read the journal', async ({
  workspace,
  context,
  truth,
}) => {
  const { page } = workspace;
  await workspace.type('before; ');
  await workspace.save();
  const look = await plainPage(context);
  const letGo = await holdJournal(look);

  // Without time, no journal is given up because it does not answer.
  const clock = await StoppedClock.install(page);
  await clock.stop();
  await putAwayAndBack(page);
  await workspace.shows('starting');
  await workspace.type('after');
  await workspace.shows('starting');
  await letGo();
  await clock.go();
  await workspace.ready();
  await expect(workspace.notes).toHaveValue('before; after');
  await workspace.save();
  await workspace.reload();
  expect(await truth.confirm(context, await workspace.sessionId(), [workspace])).toBe('before; after');
});

test('[CTX-6] [CTX-7] a journal that does not answer a page that comes back was not acknowledged', async ({
  workspace,
  context,
  server,
  indicator,
  truth,
}) => {
  const { page } = workspace;
  await workspace.type('known; ');
  await workspace.save();
  const look = await plainPage(context);
  await server.kill();
  await workspace.type('only here');
  await workspace.shows('offline', 'on_device');
  const letGo = await holdJournal(look);

  const before = indicator.shown.length;
  await putAwayAndBack(page);
  // It gives the store up, goes on with the next one, and comes back to it when it answers.
  await expect(workspace.bars).toContainText('simple storage');
  await workspace.ready();
  await letGo();
  await expect(workspace.bars).not.toContainText('simple storage');
  await workspace.shows('offline', 'on_device');
  const after = indicator.shown.slice(before);
  expect(after.map(({ state }) => state)).not.toContain('saved');
  expect(after.at(-1)?.waiting).toBeGreaterThan(0);

  await server.start();
  await workspace.save();
  await workspace.reload();
  expect(await truth.confirm(context, await workspace.sessionId(), [workspace])).toBe('known; only here');
});

test('[TAB-5] [CTX-6] a leading tab that the browser freezes lets another save, and wakes with what it wrote', async ({
  person,
  server,
  saves,
  truth,
}) => {
  const { context, page } = person;
  const leads = await recordLeads(context);
  const one = await Workspace.at(page, server.url);
  await one.type('before; ');
  await one.save();
  const session = await one.sessionId();
  const two = await Workspace.at(await context.newPage(), `${server.url}/s/${session}`);
  await page.bringToFront();
  await one.type('typed, and away; ');
  await two.page.bringToFront();
  const devtools = await context.newCDPSession(page);
  const frozen = recordFreezing(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  await expect.poll(frozen).toBe(true);

  // It gave the lead up: nobody has to wait for it, or to take it from it.
  await two.type('meanwhile; ');
  const before = saves.changes.length;
  const askedAtMs = Date.now();
  await two.save();
  await expect.poll(() => saves.changes.length).toBeGreaterThan(before);
  expect((saves.changes[before]?.atMs ?? Infinity) - askedAtMs).toBeLessThan(3_000);
  expect(leads.of(two)).toMatchObject([{ stolen: false }]);
  await expect(one.notes).toHaveValue('before; typed, and away; ');

  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await page.bringToFront();
  await one.ready();
  await expect(one.notes).toHaveValue('before; typed, and away; meanwhile; ');
  await one.type('awake');
  await one.save();
  const text = await truth.confirm(context, session, [one, two]);
  expect(text).toBe('before; typed, and away; meanwhile; awake');
});

/** Whether the page was told that it is frozen. */
function recordFreezing(page: Page): () => Promise<boolean> {
  const told = page.evaluate(() => {
    document.addEventListener('freeze', () => Object.assign(globalThis, { frozen: true }));
  });
  return async () => {
    await told;
    return page.evaluate(() => (globalThis as { frozen?: boolean }).frozen === true);
  };
}

/** As the browser does with a page that nobody has looked at for a while. */
async function putAwayAndBack(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.dispatchEvent(new Event('freeze'));
    document.dispatchEvent(new Event('resume'));
  });
}
