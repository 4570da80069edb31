import type { Page } from '@playwright/test';

import { plainPage } from './support/browsers.ts';
import { StoppedClock } from './support/clock.ts';
import { holdJournal } from './support/storage.ts';
import { expect, test } from './support/test.ts';

// A page that the browser put away and brings back reads the journal before anything else is said or written.

test('[CTX-6] [CTX-7] a page that comes back says nothing before it has read the journal', async ({
  workspace,
  context,
}) => {
  const { page, notes } = workspace;
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
  await expect(notes).toHaveValue('before; after');
  await workspace.save();
  await workspace.reload();
  await expect(notes).toHaveValue('before; after');
});

test('[CTX-6] [CTX-7] a journal that does not answer a page that comes back was not acknowledged', async ({
  workspace,
  context,
  server,
  indicator,
}) => {
  const { page, notes } = workspace;
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
  await expect(notes).toHaveValue('known; only here');
});

/** As the browser does with a page that nobody has looked at for a while. */
async function putAwayAndBack(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.dispatchEvent(new Event('freeze'));
    document.dispatchEvent(new Event('resume'));
  });
}
