import { randomBytes } from 'node:crypto';

import type { BrowserContext } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { clearDatabases, databases, localRecords, setQuota, withoutLocalStorage } from './support/broken.ts';
import { plainPage } from './support/browsers.ts';
import { StoppedClock } from './support/clock.ts';
import { Journal } from './support/journal.ts';
import { holdJournal } from './support/storage.ts';
import { expect, test } from './support/test.ts';

const simple = "This browser's database does not work";
const nothing = 'This browser keeps nothing on disk for this page';

for (const [how, breakDatabase] of Object.entries(databases)) {
  test(`[CTX-3] where IndexedDB ${how} the journal is in localStorage, and everything comes back`, async ({
    page,
    server,
    truth,
  }) => {
    await page.addInitScript(breakDatabase);
    const workspace = await Workspace.at(page);
    await expect(workspace.bars).toContainText(simple);
    await workspace.type('known to the server; ');
    await workspace.shows('saved');
    await expect.poll(() => localRecords(page)).toBe(0);

    await server.kill();
    await workspace.type('known to this browser only');
    await workspace.shows('offline');
    expect(await localRecords(page)).toBeGreaterThan(0);
    await server.start();
    await workspace.reload();
    await expect(workspace.notes).toHaveValue('known to the server; known to this browser only');
    await workspace.save();
    await expect.poll(() => localRecords(page)).toBe(0);
    const text = await truth.confirmServer(page.context(), await workspace.sessionId());
    expect(text).toBe('known to the server; known to this browser only');
  });
}

test('[CTX-3] while the journal is in localStorage every change goes to the server at once', async ({
  page,
  context,
  truth,
}) => {
  const clock = await StoppedClock.install(page);
  await page.addInitScript(databases.throws);
  const workspace = await Workspace.at(page);
  await workspace.type('.');
  await workspace.shows('saved');
  await clock.stop();
  for (const word of ['one ', 'two ', 'three']) {
    await workspace.type(word);
    await workspace.shows('saved');
  }
  expect(await truth.confirmServer(context, await workspace.sessionId())).toBe('.one two three');
});

test('[CTX-3] a database that does not answer is left after 2 s, and the journal moves back by itself', async ({
  workspace,
  context,
  server,
  indicator,
  truth,
}) => {
  const { page } = workspace;
  const { session, look, letGo } = await silence(workspace, context);
  await server.kill();

  const before = indicator.shown.length;
  await workspace.type('while it is silent; ');
  await expect(workspace.bars).toContainText(simple, { timeout: 5_000 });
  expect(indicator.states[before], 'what it said meanwhile').toBe('saving');
  await workspace.shows('offline', 'on_device');
  expect(await localRecords(page)).toBeGreaterThan(0);

  await letGo();
  await expect(workspace.bars).not.toContainText(simple, { timeout: 20_000 });
  await workspace.type('after');
  await workspace.shows('offline', 'on_device');
  const journal = await Journal.read(look, session);
  expect(journal.text('/notes')).toBe('before; while it is silent; after');
  await server.start();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('before; while it is silent; after');
  await workspace.save();
  await expect.poll(() => localRecords(page)).toBe(0);
  const text = await truth.confirm(context, session, [workspace]);
  expect(text).toBe('before; while it is silent; after');
});

test('[CTX-2] [CTX-6] a page that is left while its database does not answer loses nothing', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  const { page } = workspace;
  const { session, letGo } = await silence(workspace, context);
  await server.kill();
  // Without time, no journal is given up because it does not answer.
  const clock = await StoppedClock.install(page);
  await clock.stop();
  await workspace.type('while it is silent');
  await workspace.shows('saving');
  // What the database was asked for is mostly dropped with the page, and the server is not there.
  await page.goto('about:blank');
  await letGo();
  await server.start();
  await clock.go();
  await workspace.open(`/s/${session}`);
  await expect(workspace.notes).toHaveValue('before; while it is silent');
  await workspace.save();
  await expect.poll(() => localRecords(page)).toBe(0);
  await truth.confirm(context, session, [workspace]);
});

test('[CTX-3] a database that is deleted under an open page takes nothing with it', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  const { page } = workspace;
  await workspace.type('saved; ');
  await workspace.save();
  await server.kill();
  await workspace.type('waiting; ');
  await workspace.shows('offline', 'on_device');
  await clearDatabases(page);
  await workspace.type('after');
  await workspace.shows('offline', 'on_device');
  await expect(workspace.bars).not.toContainText(simple, { timeout: 20_000 });
  await workspace.shows('offline', 'on_device');
  await server.start();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('saved; waiting; after');
  await workspace.save();
  await expect(workspace.notes).toHaveValue('saved; waiting; after');
  const text = await truth.confirm(context, await workspace.sessionId(), [workspace]);
  expect(text).toBe('saved; waiting; after');
});

test('[CTX-3] what both stores hold is merged, whichever is newer', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  const session = await workspace.sessionId();
  await workspace.type('on the server; ');
  await workspace.save();
  await server.kill();
  await workspace.type('in the database; ');
  await workspace.shows('on_device', 'offline');
  await workspace.page.close();
  await server.start();

  const broken = new Workspace(await context.newPage());
  await broken.page.addInitScript(databases.throws);
  await broken.open(`/s/${session}`);
  await expect(broken.notes).toHaveValue('on the server; ');
  await server.kill();
  await broken.type('in localStorage; ');
  await broken.shows('on_device', 'offline');
  await broken.page.close();
  await server.start();

  const whole = await Workspace.at(await context.newPage(), `/s/${session}`);
  await expect(whole.notes).toHaveValue(/^on the server; /);
  await expect(whole.notes).toHaveValue(/in the database; /);
  await expect(whole.notes).toHaveValue(/in localStorage; /);
  const together = await whole.notes.inputValue();
  expect(together).toHaveLength('on the server; in the database; in localStorage; '.length);
  await whole.save();
  await expect.poll(() => localRecords(whole.page)).toBe(0);
  await whole.reload();
  await expect(whole.notes).toHaveValue(together);
  expect(await truth.confirm(context, session, [whole])).toBe(together);
});

test('[CTX-3] [CTX-7] with no store at all the page works, says so, and never claims to keep anything', async ({
  page,
  server,
  indicator,
  truth,
}) => {
  await page.addInitScript(databases.throws);
  await withoutLocalStorage(page);
  const workspace = await Workspace.at(page);
  await expect(workspace.bars).toContainText(nothing);
  await workspace.type('on the server; ');
  await workspace.shows('saved');

  await server.kill();
  await workspace.type('in this window only');
  await workspace.shows('not_saved');
  await expect(workspace.indicator).toHaveAttribute('data-code', 'no_storage');
  await expect(workspace.bars).toContainText('only in this window');
  await expect(workspace.bars).toContainText(nothing);
  const detail = await workspace.whereMyWorkIs();
  await expect(detail).toContainText('keeps nothing for this page');
  expect(indicator.states).not.toContain('on_device');
  expect(indicator.shown.filter(({ state, text }) => state === 'saved' && /only$/.test(text))).toEqual([]);

  await server.start();
  await expect(workspace.indicator).toHaveAttribute('data-state', 'saved', { timeout: 40_000 });
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('on the server; in this window only');
  const text = await truth.confirmServer(page.context(), await workspace.sessionId());
  expect(text).toBe('on the server; in this window only');
});

test('[CTX-4] a full storage is said, keeps what was kept, is tried again and recovers by itself', async ({
  page,
  context,
  server,
  truth,
}) => {
  // Before the page asks: a browser remembers for a while how much room there was.
  await page.goto('/healthz');
  await setQuota(page, 500_000);
  const workspace = await Workspace.at(page);
  await server.kill();
  let typed = '';
  for (let part = 0; part < 8; part += 1) {
    // A browser may pack what repeats.
    const text = randomBytes(75_000).toString('base64');
    typed += text;
    await page.keyboard.press('Control+End');
    await workspace.notes.focus();
    await page.keyboard.insertText(text);
  }
  await workspace.shows('not_saved');
  await expect(workspace.indicator).toHaveAttribute('data-code', 'storage_full');
  await expect(workspace.bars).toContainText('everything before is safe');
  await expect(workspace.notes).toHaveValue(typed);
  const journal = await Journal.read(page, await workspace.sessionId());
  const kept = journal.text('/notes');
  expect(typed.startsWith(kept), 'what is kept is what was typed first').toBe(true);
  expect(kept.length).toBeGreaterThan(200_000);
  expect(kept.length).toBeLessThan(typed.length);

  await setQuota(page, undefined);
  await expect(workspace.indicator).toHaveAttribute('data-state', /^(offline|on-device)$/, {
    timeout: 40_000,
  });
  await server.start();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue(typed);
  await workspace.save();
  await truth.confirm(context, await workspace.sessionId(), [workspace]);
});

/** Saves `before; `; from then on its database does not answer until `letGo` is called; `look` sees what it holds. */
async function silence(workspace: Workspace, context: BrowserContext) {
  const session = await workspace.sessionId();
  await workspace.type('before; ');
  await workspace.save();
  const look = await plainPage(context);
  const letGo = await holdJournal(look);
  return { session, look, letGo };
}
