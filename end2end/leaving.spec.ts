import { Workspace } from './pages/workspace.ts';
import { Journal } from './support/journal.ts';
import { fillJournal } from './support/storage.ts';
import { expect, test } from './support/test.ts';

// Sessions that a page does not show any more, while the server does not have all of them.

test('[CTX-5] [SYNC-3] what waits in a session that was left is sent when the server is back', async ({
  workspace,
  server,
}) => {
  const { page, sessions } = workspace;
  const left = await workspace.sessionId();
  await workspace.type('known; ');
  await workspace.save();
  await server.kill();
  await workspace.type('only here');
  await workspace.shows('offline', 'on_device');
  await sessions.create();
  await expect(workspace.notes).toHaveValue('');
  await workspace.type('also here');
  await workspace.shows('offline');
  expect((await Journal.read(page, left)).records).not.toHaveLength(0);

  await server.start();
  await workspace.save();
  await expect.poll(async () => (await Journal.read(page, left)).records).toHaveLength(0);
});

test('[CTX-5] what waits in a session that is not opened again is sent by the next page', async ({
  workspace,
  context,
  server,
}) => {
  const left = await workspace.sessionId();
  await workspace.type('known; ');
  await workspace.save();
  await server.kill();
  await workspace.type('only here');
  await workspace.shows('offline', 'on_device');
  await workspace.sessions.create();
  await expect(workspace.notes).toHaveValue('');
  const shown = await workspace.sessionId();
  expect(shown).not.toBe(left);
  await workspace.page.close();
  await server.start();

  const page = await context.newPage();
  await new Workspace(page).open(`/s/${shown}`);
  await expect.poll(async () => (await Journal.read(page, left)).records).toHaveLength(0);
});

test('[CTX-4] [CTX-7] a session that is nowhere else than in the window is kept when another is opened', async ({
  workspace,
  context,
  server,
}) => {
  const { page, sessions, notes } = workspace;
  const left = await workspace.sessionId();
  await workspace.type('known; ');
  await workspace.save();
  await server.kill();
  const makeRoom = await fillJournal(page);
  await workspace.type('in the window only');
  await workspace.shows('not_saved');
  await sessions.create();
  await expect(notes).toHaveValue('');
  await workspace.shows('not_saved');

  await server.start();
  await workspace.save();
  const other = await context.newPage();
  const elsewhere = await Workspace.at(other, `/s/${left}`);
  await expect(elsewhere.notes).toHaveValue('known; in the window only');
  await makeRoom();
});

test('[TAB-3] a tab that shows another session is not listed, though it still keeps the one it left', async ({
  workspace,
  context,
  server,
}) => {
  const other = await Workspace.at(await context.newPage(), `/s/${await workspace.sessionId()}`);
  await expect(workspace.presence).toHaveCount(2);
  await server.kill();
  const makeRoom = await fillJournal(other.page);
  await other.type('in the window only');
  await other.shows('not_saved');
  await other.sessions.create();
  await expect(workspace.presence).toHaveCount(1);
  await expect(workspace.notes).toHaveValue('in the window only');
  await makeRoom();
});

test('[CTX-5] [CTX-6] a page closed right after another session was opened in it loses nothing of the first', async ({
  workspace,
  context,
  truth,
}) => {
  const { page, sessions } = workspace;
  const left = await workspace.sessionId();
  await workspace.type('known; ');
  await workspace.save();
  await workspace.type('typed, then another; ');
  await workspace.shows('on_device');
  // What is left is being saved, and its answer would be waited for.
  let asked = 0;
  await page.route('**/fn/save_context', () => void (asked += 1));
  await sessions.create();
  await expect(workspace.notes).toHaveValue('');
  await workspace.type('and this');
  await expect.poll(() => asked).toBeGreaterThan(0);
  const shown = await workspace.sessionId();
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;

  // The next page shows the other session, and sends what waits of both.
  const next = await Workspace.at(await context.newPage(), `/s/${shown}`);
  await expect(next.notes).toHaveValue('and this');
  await next.save();
  await expect.poll(async () => (await Journal.read(next.page, left)).records).toHaveLength(0);
  expect(await truth.confirm(context, left)).toBe('known; typed, then another; ');
  expect(await truth.confirm(context, shown, [next])).toBe('and this');
});
