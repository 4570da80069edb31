import { Workspace } from './pages/workspace.ts';
import { setQuota } from './support/broken.ts';
import { plainPage } from './support/browsers.ts';
import { Crowd } from './support/crowd.ts';
import { expect, test } from './support/test.ts';

// Room is gone because something else of the origin took it, in the middle of the work.

test('[CTX-4] room that something else takes mid-save is missed aloud, and nothing is lost when it is back', async ({
  context,
  page,
  server,
  indicator,
  truth,
}) => {
  const beside = await plainPage(context);
  await setQuota(beside, 3_000_000);
  const workspace = await Workspace.at(page);
  const session = await workspace.sessionId();
  await page.bringToFront();
  await workspace.type('saved; ');
  await workspace.save();
  await server.kill();
  await workspace.type('kept; ');
  await workspace.shows('offline', 'on_device');

  const crowd = await Crowd.fillDatabase(beside);
  await Crowd.fillLocalStorage(beside);
  const before = indicator.shown.length;
  let typed = 'saved; kept; ';
  // What fits between the crowd's last bytes and the limit is kept, and then no more is.
  while ((await workspace.indicator.getAttribute('data-state')) !== 'not-saved') {
    const part = 'no room for this; '.repeat(20);
    await workspace.notes.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(part);
    typed += part;
    await workspace.shows('offline', 'not_saved');
  }
  await expect(workspace.indicator).toHaveAttribute('data-code', 'storage_full');
  await expect(workspace.bars).toContainText('everything before is safe');
  const told = indicator.shown.slice(before).filter(({ text }) => text === typed);
  expect(told.map(({ state }) => state)).not.toContain('offline');

  // The server takes what the device cannot, while there is no room.
  await server.start();
  await workspace.save();
  await workspace.type('on the server at least; ');
  await workspace.save();
  typed += 'on the server at least; ';

  await server.kill();
  await workspace.type('in this window; ');
  typed += 'in this window; ';
  await workspace.shows('not_saved');
  await crowd.leaveDatabase();
  await expect(workspace.indicator).toHaveAttribute('data-state', 'offline', { timeout: 40_000 });
  await server.start();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue(typed);
  await workspace.save();
  await setQuota(beside, undefined);
  expect(await truth.confirm(context, session, [workspace])).toBe(typed);
});
