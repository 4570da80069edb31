import { Workspace } from './pages/workspace.ts';
import { Journal } from './support/journal.ts';
import { expect, test } from './support/test.ts';

// The pattern for everything that must survive: type, stop the world, look at what was really stored, come
// back. `indicator.kept` is what the person was told is kept; that much must be there.

test('[CTX-2] a renderer killed after the last key loses nothing, with the server down', async ({
  profile,
  server,
  indicator,
}) => {
  const page = await profile.context.newPage();
  const workspace = new Workspace(page);
  await workspace.open();
  const session = await workspace.sessionId();
  await server.kill();
  await workspace.type('ferry to Moskenes at 15:00');
  await profile.killRenderer(page);
  await server.start();

  const look = await profile.context.newPage();
  await look.goto('/healthz');
  const journal = await Journal.read(look, session);
  expect(journal.text('/notes')).toBe('ferry to Moskenes at 15:00');
  expect(journal.text('/notes')).toContain(indicator.kept ?? '');

  const again = new Workspace(look);
  await again.open(`/s/${session}`);
  await expect(again.notes).toHaveValue('ferry to Moskenes at 15:00');
});

test('[CTX-2] a killed browser loses nothing that was shown as kept', async ({
  profile,
  server,
  indicator,
}) => {
  const workspace = new Workspace(await profile.context.newPage());
  await workspace.open();
  const session = await workspace.sessionId();
  await server.kill();
  await workspace.type('bring the small stove');
  await workspace.shows('on_device', 'offline');
  await profile.killBrowser();
  await server.start();

  await profile.open();
  const again = new Workspace(await profile.context.newPage());
  await again.open(`/s/${session}`);
  await expect(again.notes).toHaveValue('bring the small stove');
  expect(indicator.kept).toBe('bring the small stove');
});
