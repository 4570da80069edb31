import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import { Journal } from './support/journal.ts';
import { expect, test } from './support/test.ts';

test('[CTX-3] [SESS-2] with all of a site’s storage wiped, the server’s copy of every session comes back', async ({
  profile,
  server,
  truth,
}) => {
  const { context } = profile;
  const workspace = await Workspace.at(await profile.page());
  const trip = await workspace.fill('Lofoten', 'ferry');
  await workspace.sessions.create();
  await expect(workspace.notes).toHaveValue('');
  const garden = await workspace.fill('Garden', 'beans');
  await workspace.page.goto('about:blank');
  await wipe(workspace, server.url, 'indexeddb,local_storage,cache_storage,file_systems,service_workers');

  await workspace.open('/');
  expect(await workspace.sessionId()).toBe(garden);
  await expect(workspace.notes).toHaveValue('beans');
  await workspace.shows('saved');
  await workspace.sessions.open('Lofoten');
  await expect(workspace.notes).toHaveValue('ferry');
  await workspace.type(', train');
  await workspace.save();
  expect(await truth.confirm(context, trip, [workspace])).toBe('ferry, train');
  await expect(workspace.sessions.list.getByRole('listitem')).toHaveCount(2);
});

test('[SESS-2] with the cookie wiped too, the page is honest that nothing is here', async ({
  profile,
  server,
  indicator,
  truth,
}) => {
  const workspace = await Workspace.at(await profile.page());
  const session = await workspace.fill('Lofoten', 'ferry');
  await truth.confirm(profile.context, session, [workspace]);
  await workspace.page.goto('about:blank');
  await wipe(workspace, server.url, 'all');

  await workspace.open('/');
  await expect(workspace.notes).toHaveValue('');
  await expect(workspace.name).not.toHaveValue('Lofoten');
  await expect(workspace.sessions.list.getByRole('listitem')).toHaveCount(1);
  await expect(workspace.bars).toHaveText('');
  await workspace.shows('saved');
  const empty = await workspace.sessionId();
  expect(indicator.shown.filter((shown) => shown.session === empty && shown.text !== '')).toEqual([]);
  await workspace.page.goto(`/s/${session}`);
  await expect(workspace.page.getByRole('heading', { name: 'There is no such session' })).toBeVisible();
  await expect(workspace.page.getByRole('main')).not.toContainText('ferry');
});

test('[CTX-3] [TAB-7] what is wiped under an open page is in that page, and is kept from there', async ({
  profile,
  server,
  truth,
}) => {
  const workspace = await Workspace.at(await profile.page());
  const session = await workspace.fill('Lofoten', 'ferry; ');
  await wipe(workspace, server.url, 'indexeddb,local_storage');
  await workspace.type('typed after');
  await workspace.save();
  const look = await plainPage(profile.context);
  const kept = async () => (await Journal.read(look, session)).text('/notes');
  await expect.poll(kept, 'what is in the new database').toBe('ferry; typed after');
  await workspace.reload();
  expect(await workspace.sessionId()).toBe(session);
  await expect(workspace.notes).toHaveValue('ferry; typed after');
  await truth.confirm(profile.context, session, [workspace]);
});

test('[CTX-3] [TAB-7] with the cookie wiped too under an open page, all that the page has goes on under a new sign-in', async ({
  profile,
  server,
  truth,
}) => {
  const { context } = profile;
  const workspace = await Workspace.at(await profile.page());
  const session = await workspace.fill('Lofoten', 'ferry; ');
  await wipe(workspace, server.url, 'all');
  await workspace.type('typed after; ');
  await workspace.page.keyboard.press('Control+s');
  const offer = workspace.bars.locator('[data-code="lost_on_server"]');
  await expect(offer).toContainText('safe on this device');
  await offer.getByRole('button', { name: 'Create it again' }).click();
  await expect(offer).toHaveCount(0);
  await workspace.type('and on');
  await workspace.save();
  const copy = await workspace.sessionId();
  expect(copy).not.toBe(session);
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('ferry; typed after; and on');
  await expect(workspace.name).toHaveValue('Lofoten');
  expect(await truth.confirm(context, copy, [workspace])).toBe('ferry; typed after; and on');
});

/** As the browser's own page for site data does. */
async function wipe({ page }: Workspace, origin: string, storageTypes: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
  await session.detach();
}
