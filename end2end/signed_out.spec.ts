import type { Page, Route } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { expectAccessible, viewports } from './support/accessibility.ts';
import { anotherBrowser, plainPage } from './support/browsers.ts';
import { Journal } from './support/journal.ts';
import { expect, test } from './support/test.ts';

// A guest whose cookie is gone: to the server this browser is somebody else now, and answers as to anybody.
// All that this device has is offered to whoever uses it.

const offer = '[data-code="lost_on_server"]';

test('[TAB-7] [SESS-2] a guest whose cookie is gone finds the work open, is told, and keeps all of it', async ({
  workspace,
  context,
  page,
  truth,
}) => {
  const garden = await workspace.fill('Garden', 'beans');
  await workspace.sessions.create();
  await expect(workspace.notes).toHaveValue('');
  const trip = await workspace.fill('Lofoten', 'ferry; ');
  await workspace.fields.add('Budget', 'Number');
  await workspace.save();
  await context.clearCookies();

  await workspace.reload();
  await expect(workspace.notes).toHaveValue('ferry; ');
  await expect(workspace.name).toHaveValue('Lofoten');
  const bar = workspace.bars.locator(offer);
  await expect(bar).toContainText('sign-in is gone');
  await expect(bar).toContainText('All 2 are safe on this device');
  await workspace.type('stove');
  await workspace.shows('not_saved');
  await expect(workspace.sessions.list.getByRole('listitem')).toHaveCount(2);

  await bar.getByRole('button', { name: 'Create them again' }).click();
  await expect(workspace.notices).toContainText('2 sessions are kept');
  await expect(bar).toHaveCount(0);
  await workspace.shows('saved');
  await expect(workspace.notes).toHaveValue('ferry; stove');
  await expect(page).not.toHaveURL(new RegExp(trip));
  const copy = await workspace.sessionId();
  await expect(workspace.sessions.list.getByRole('listitem')).toHaveCount(2);
  expect(await truth.confirm(context, copy, [workspace])).toBe('ferry; stove');

  // Elsewhere, so from the server: both, once, with their names and fields.
  const other = await anotherBrowser(context, copy);
  await expect(other.notes).toHaveValue('ferry; stove');
  await expect(other.name).toHaveValue('Lofoten');
  await expect(other.page.getByText('Budget', { exact: true })).toBeVisible();
  await expect(other.sessions.list.getByRole('listitem')).toHaveCount(2);
  await other.sessions.open('Garden');
  await expect(other.notes).toHaveValue('beans');

  // An old link leads to what it named.
  await workspace.open(`/s/${garden}`);
  await expect(workspace.notes).toHaveValue('beans');
  await expect(workspace.name).toHaveValue('Garden');
  await expect(bar).toHaveCount(0);
});

test('[TAB-7] [CTX-2] what was unsaved when the cookie went is kept with its snapshot, in order', async ({
  profile,
  server,
  truth,
}) => {
  const { context } = profile;
  const workspace = await Workspace.at(await profile.page());
  const session = await workspace.fill('Lofoten', 'saved; ');
  await server.kill();
  await workspace.type('waiting; ');
  await workspace.snapshots.take();
  await workspace.type('after the snapshot');
  await workspace.shows('offline', 'on_device');
  await context.clearCookies();
  await profile.killBrowser();
  await server.start();

  await profile.open();
  const reopened = await Workspace.at(await profile.page(), `/s/${session}`);
  await expect(reopened.notes).toHaveValue('saved; waiting; after the snapshot');
  await createAgain(reopened);
  await reopened.shows('saved');
  const copy = await reopened.sessionId();
  expect(await truth.confirm(profile.context, copy, [reopened])).toBe('saved; waiting; after the snapshot');
  await reopened.snapshots.restore();
  await expect(reopened.notes).toHaveValue('saved; waiting; ');
});

test('[TAB-7] a list of sessions that comes late does not offer again what was created again', async ({
  profile,
}) => {
  const workspace = await Workspace.at(await profile.page());
  const session = await workspace.fill('Lofoten', 'kept');
  await profile.context.clearCookies();
  await profile.killBrowser();

  await profile.open();
  const page = await profile.page();
  const saves = await hold(page, '**/fn/save_context');
  const reopened = await Workspace.at(page, `/s/${session}`);
  const bar = reopened.bars.locator(offer);
  // It is told by the list; the save is refused after it, and then the list is asked for again.
  await expect(bar).toBeVisible();
  await expect.poll(() => saves.held.length).toBeGreaterThan(0);
  const lists = await hold(page, '**/fn/list_sessions');
  await saves.letGo();
  await expect.poll(() => lists.held.length).toBe(1);
  await bar.getByRole('button', { name: 'Create it again' }).click();
  await expect(reopened.notices).toContainText('kept');
  await expect.poll(() => lists.held.length).toBeGreaterThan(1);
  lists.held.reverse();
  await lists.letGo();
  await reopened.shows('saved');
  await expect(bar).toHaveCount(0);
});

test('[TAB-7] [CTX-7] a cookie that goes under an open page is noticed with the next change, without a network too', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  const session = await workspace.fill('Lofoten', 'saved; ');
  await server.kill();
  await context.clearCookies();
  await workspace.type('offline; ');
  await workspace.shows('offline', 'on_device');
  await server.start();
  await workspace.page.keyboard.press('Control+s');
  const bar = workspace.bars.locator(offer);
  await expect(bar).toContainText('safe on this device', { timeout: 40_000 });
  await workspace.shows('not_saved');
  await workspace.type('and on');

  // Asked for while the server is away: refused aloud, and possible later.
  await server.kill();
  await bar.getByRole('button', { name: 'Create it again' }).click();
  await expect(workspace.notices).toContainText('Not all created again');
  await expect(workspace.notes).toHaveValue('saved; offline; and on');
  expect(await workspace.sessionId()).toBe(session);
  await server.start();
  await createAgain(workspace);
  await workspace.shows('saved');
  const copy = await workspace.sessionId();
  expect(await truth.confirm(context, copy, [workspace])).toBe('saved; offline; and on');
});

test('[TAB-7] [TAB-1] another tab goes on with the copy, with all that it had, and the copy is one', async ({
  workspace,
  context,
  truth,
}) => {
  const session = await workspace.fill('Lofoten', 'saved; ');
  const second = await Workspace.at(await context.newPage(), `/s/${session}`);
  await expect(second.notes).toHaveValue('saved; ');
  await context.clearCookies();
  await second.type('by the second; ');
  await second.page.keyboard.press('Control+s');
  await second.shows('not_saved');
  await expect(workspace.notes).toHaveValue('saved; by the second; ');
  await workspace.page.bringToFront();
  await workspace.reload();
  await createAgain(workspace);
  await second.page.bringToFront();
  await second.type('late; ');

  const copy = await workspace.sessionId();
  expect(copy).not.toBe(session);
  await expect(second.page).toHaveURL(new RegExp(copy), { timeout: 30_000 });
  await expect(second.notes).toHaveValue('saved; by the second; late; ');
  // Long before the interval brings it.
  await expect(workspace.notes).toHaveValue('saved; by the second; late; ');
  await second.type('on');
  await second.save();
  await expect(second.bars.locator(offer)).toHaveCount(0);
  expect(await truth.confirm(context, copy, [workspace, second])).toBe('saved; by the second; late; on');
  await expect(second.sessions.list.getByRole('listitem')).toHaveCount(1);
});

test('[TAB-7] [CTX-8] who types while the tab turns to the copy goes on where they were', async ({
  workspace,
  context,
  truth,
}) => {
  const session = await workspace.fill('Lofoten', 'saved; ');
  const second = await Workspace.at(await context.newPage(), `/s/${session}`);
  await context.clearCookies();
  await second.type('known; ');
  await second.page.keyboard.press('Control+s');
  await second.shows('not_saved');
  await workspace.page.bringToFront();
  await workspace.reload();
  await createAgain(workspace);
  const copy = await workspace.sessionId();
  await second.page.bringToFront();
  await second.notes.focus();
  await second.page.keyboard.press('Control+End');
  let typed = 'saved; known; ';
  // It turns when nobody has typed for a moment; from then on without a pause.
  const turned = () => second.page.url().includes(copy);
  const isNotSaved = async () => /not.saved/.test((await second.indicator.getAttribute('data-state')) ?? '');
  for (let words = 0, still = 20; still > 0; words += 1) {
    await second.page.keyboard.type(`${words} `);
    typed += `${words} `;
    if (turned()) still -= 1;
    else await expect.poll(async () => turned() || (await isNotSaved())).toBe(true);
  }
  await expect(second.notes).toHaveValue(typed);
  await second.save();
  await expect(workspace.notes).toHaveValue(typed);
  expect(await truth.confirm(context, copy, [workspace, second])).toBe(typed);
});

test('[TAB-7] [SEC-3] who does not want the work loses none of it, and it is offered again', async ({
  workspace,
  context,
  truth,
}) => {
  const session = await workspace.fill('Lofoten', 'ferry');
  await context.clearCookies();
  await workspace.reload();
  const bar = workspace.bars.locator(offer);
  await bar.getByRole('button', { name: 'Dismiss' }).click();
  await expect(bar).toHaveCount(0);
  await workspace.sessions.create();
  await expect(workspace.notes).toHaveValue('');
  await workspace.type('my own');
  await workspace.save();
  const own = await workspace.sessionId();
  const look = await plainPage(context);
  expect((await Journal.read(look, session)).text('/notes')).toBe('ferry');

  // There is a sign-in by now, and sessions of it: the other one is still offered, as one of them.
  await workspace.page.bringToFront();
  await workspace.reload();
  await expect(bar).toContainText('does not know one of your sessions any more');
  await createAgain(workspace);
  await expect(workspace.notes).toHaveValue('my own');
  await workspace.sessions.open('Lofoten');
  await expect(workspace.notes).toHaveValue('ferry');
  await workspace.shows('saved');
  expect(await truth.confirm(context, await workspace.sessionId(), [workspace])).toBe('ferry');
  expect(await truth.confirm(context, own)).toBe('my own');
});

for (const [name, viewport] of Object.entries(viewports)) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport });

    test(`[UX-2] the offer is reached by keys and is accessible, ${name}`, async ({
      workspace,
      context,
      truth,
    }) => {
      await workspace.type('ferry');
      await workspace.save();
      await context.clearCookies();
      await workspace.reload();
      const button = workspace.bars.locator(offer).getByRole('button', { name: 'Create it again' });
      await expect(button).toBeVisible();
      await expectAccessible(workspace.page);
      await workspace.page.locator('body').press('Tab');
      for (let tabs = 0; tabs < 40 && !(await button.evaluate(isFocused)); tabs += 1) {
        await workspace.page.keyboard.press('Tab');
      }
      await expect(button).toBeFocused();
      await workspace.page.keyboard.press('Enter');
      await expect(workspace.notices).toContainText('1 session is kept');
      await expect(workspace.page.getByRole('main')).toBeFocused();
      await expectAccessible(workspace.page);
      expect(await truth.confirm(context, await workspace.sessionId(), [workspace])).toBe('ferry');
    });
  });
}

function isFocused(element: Element): boolean {
  return document.activeElement === element;
}

/** Accepts the offer. */
async function createAgain({ bars, notices }: Workspace): Promise<void> {
  const bar = bars.locator(offer);
  await bar.getByRole('button', { name: /^Create (it|them) again$/ }).click();
  await expect(notices).toContainText('kept');
  await expect(bar).toHaveCount(0);
}

/** Holds calls until they are let go, one after the other. */
async function hold(page: Page, url: string): Promise<{ held: Route[]; letGo: () => Promise<void> }> {
  const held: Route[] = [];
  let holding = true;
  await page.route(url, (route) => (holding ? void held.push(route) : route.continue()));
  const letGo = async () => {
    holding = false;
    for (const route of held.splice(0)) {
      const answered = page.waitForResponse((response) => response.request() === route.request());
      await route.continue();
      await (await answered).finished();
    }
  };
  return { held, letGo };
}
