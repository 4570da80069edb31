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
  const elsewhere = new Workspace(other);
  await elsewhere.open(`/s/${left}`);
  await expect(elsewhere.notes).toHaveValue('known; in the window only');
  await makeRoom();
});

test('[TAB-3] a tab that shows another session is not listed, though it still keeps the one it left', async ({
  workspace,
  context,
  server,
}) => {
  const other = new Workspace(await context.newPage());
  await other.open(`/s/${await workspace.sessionId()}`);
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
