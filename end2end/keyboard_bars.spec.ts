import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import { say } from './support/channel.ts';
import { StoppedClock } from './support/clock.ts';
import { forged, hostile, sound } from './support/forged.ts';
import { Keyboard } from './support/keyboard.ts';
import { expect, test } from './support/test.ts';

// What says that something is not as it should be, and what can be done about it, without a mouse.

test('[UX-2] by keyboard: saving now, and trying now', async ({ page, server }) => {
  // No timer can be what saved.
  const clock = await StoppedClock.install(page);
  const workspace = await Workspace.at(page);
  const keyboard = new Keyboard(page);
  await workspace.type('First');
  await workspace.save();
  await clock.stop();
  await workspace.type(' and second');
  await workspace.shows('on_device');
  await keyboard.to(workspace.indicator, 'Shift+Tab');
  await page.keyboard.press('Enter');
  const detail = page.getByRole('group', { name: 'Where your work is' });
  // Since when, and how much.
  await expect(detail).toContainText(/This device\s*\d\d:\d\d · \d+ changes/);
  await keyboard.press(detail.getByRole('button', { name: 'Save now' }));
  await workspace.shows('saved');
  await keyboard.keepsFocus();
  await page.keyboard.press('Escape');
  await expect(detail).toBeHidden();
  await expect(workspace.indicator).toBeFocused();

  await server.kill();
  await workspace.type(' and third');
  await page.keyboard.press('Control+s');
  await workspace.shows('offline');
  await server.start();
  // Round the end of the page the window would get the focus, which saves as well.
  await keyboard.to(workspace.bars.getByRole('button', { name: 'Try now' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await workspace.shows('saved');
  await keyboard.keepsFocus();
});

test('[UX-2] by keyboard: what a bar offers, and taking it away', async ({ workspace, context }) => {
  const { page, bars } = workspace;
  const keyboard = new Keyboard(page);
  const session = await workspace.sessionId();
  await workspace.type('First');
  await workspace.save();
  const look = await plainPage(context);
  await page.bringToFront();
  await say(look, session, [forged.edited(hostile['a billion structs'] ?? sound())]);
  await keyboard.press(bars.getByRole('button', { name: 'Dismiss' }));
  await expect(bars.getByRole('button', { name: 'Dismiss' })).toHaveCount(0);
  await keyboard.keepsFocus();

  const newer = forged.edited(sound());
  newer[2] = 9;
  await say(look, session, [newer]);
  const loaded = page.waitForEvent('load');
  await keyboard.press(bars.getByRole('button', { name: 'Reload' }));
  await loaded;
  await workspace.ready();
  await expect(workspace.notes).toHaveValue('First');
});

test('[UX-2] by keyboard: a session that the server lost is created again', async ({ workspace, server }) => {
  const { page, bars } = workspace;
  const keyboard = new Keyboard(page);
  await workspace.type('First');
  await workspace.save();
  await server.forget();
  await page.keyboard.press('Control+s');
  await keyboard.press(bars.getByRole('button', { name: 'Create it again' }));
  await workspace.shows('saved');
  await expect(bars.getByRole('button', { name: 'Create it again' })).toHaveCount(0);
  await keyboard.keepsFocus();
});

test('[UX-2] by keyboard: a notice is taken away', async ({ page }) => {
  // It does not go by itself.
  const clock = await StoppedClock.install(page);
  const workspace = new Workspace(page);
  const { notices } = workspace;
  await workspace.open();
  const keyboard = new Keyboard(page);
  await workspace.type('First');
  await clock.stop();
  await workspace.menu('Take a snapshot');
  await expect(notices).toContainText('Snapshot taken');
  await keyboard.to(workspace.notes);
  await keyboard.press(notices.getByRole('button', { name: 'Dismiss' }));
  await expect(notices.getByRole('status')).toHaveCount(0);
  await keyboard.keepsFocus();
});

test('[UX-2] by keyboard: from a session that is not there to one that is', async ({ workspace }) => {
  const { page } = workspace;
  const keyboard = new Keyboard(page);
  await workspace.type('First');
  await workspace.save();
  const first = await workspace.sessionId();
  const explained = page.getByRole('main').getByRole('region', { name: 'There is no such session' });
  await page.goto('/s/019a0000-0000-7000-8000-000000000001');
  await keyboard.press(explained.getByRole('button', { name: /^Open / }));
  await expect(workspace.notes).toHaveValue('First');
  expect(await workspace.sessionId()).toBe(first);
  await keyboard.keepsFocus();

  await page.goto('/s/019a0000-0000-7000-8000-000000000001');
  await keyboard.press(explained.getByRole('button', { name: 'New session' }));
  await expect(workspace.notes).toHaveValue('');
  expect(await workspace.sessionId()).not.toBe(first);
  await keyboard.keepsFocus();
});
