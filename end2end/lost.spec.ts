import { anotherBrowser } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

test('[SYNC-6] a session that the server lost is safe on this device, and is created there again', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  const { bars, notes } = workspace;
  const session = await workspace.sessionId();
  await workspace.type('saved before; ');
  await workspace.save();
  await server.forget();
  await workspace.type('typed after');
  await workspace.page.keyboard.press('Control+s');
  const bar = bars.locator('[data-code="lost_on_server"]');
  await expect(bar).toContainText('safe on this device');
  await workspace.shows('not_saved');
  await workspace.reload();
  await expect(notes).toHaveValue('saved before; typed after');

  await bar.getByRole('button', { name: 'Create it again' }).click();
  await workspace.shows('saved');
  await expect(bar).toHaveCount(0);
  const other = await anotherBrowser(context, session);
  await expect(other.notes).toHaveValue('saved before; typed after');
  await truth.confirm(context, session, [workspace, other]);
});
