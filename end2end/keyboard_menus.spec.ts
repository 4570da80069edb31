import { viewports } from './support/accessibility.ts';
import { Keyboard } from './support/keyboard.ts';
import { expect, test } from './support/test.ts';

// Menus, drawers and what opens by itself, without a mouse.

test('[UX-2] by keyboard: the menu of the session, and a snapshot from the top line', async ({
  workspace,
}) => {
  const { page, snapshots } = workspace;
  const keyboard = new Keyboard(page);
  await keyboard.to(workspace.notes);
  // One edit, however slow the machine is: one undo takes it back.
  await page.keyboard.insertText('First');
  const actions = page.getByRole('button', { name: 'Session actions' });
  const item = (name: string) =>
    page.getByRole('group', { name: 'Session actions' }).getByRole('button', { name });

  await keyboard.press(actions);
  await expect(item('Redo')).toBeDisabled();
  await keyboard.press(item('Undo'));
  await expect(workspace.notes).toHaveValue('');
  await expect(actions).toBeFocused();
  await page.keyboard.press('Enter');
  await keyboard.press(item('Redo'));
  await expect(workspace.notes).toHaveValue('First');
  await expect(actions).toBeFocused();
  await page.keyboard.press('Enter');
  await keyboard.press(item('Take a snapshot'), 'Space');
  await expect(snapshots.list).toHaveCount(1);
  await expect(actions).toBeFocused();

  const snapshot = page.getByRole('banner').getByRole('button', { name: 'Snapshot', exact: true });
  await keyboard.press(snapshot);
  await expect(snapshots.list).toHaveCount(2);
  await expect(snapshot).toBeFocused();
});

test('[UX-2] by keyboard: a snapshot is pinned and let go', async ({ workspace }) => {
  const { notices, page, history } = workspace;
  const keyboard = new Keyboard(page);
  await workspace.type('First');
  await workspace.goTo('History');
  await history.take('Packed');
  const row = history.named('Packed');
  const pin = row.getByRole('button', { name: /^Pin/ });
  await keyboard.press(pin);
  await expect(row).toContainText('pinned');
  await expect(pin).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Enter');
  await expect(notices).toContainText('Unpinned');
  await expect(row).not.toContainText('pinned');
  await expect(pin).toHaveAttribute('aria-pressed', 'false');
  await expect(pin).toBeFocused();
});

test('[UX-2] by keyboard: the rest of an undo', async ({ workspace }) => {
  const { notices, page, snapshots } = workspace;
  const keyboard = new Keyboard(page);
  await workspace.type('Then');
  await snapshots.take();
  await workspace.fields.add('Budget', 'Number');
  await page.keyboard.type('2400');
  await workspace.notes.fill('Now');
  await workspace.save();
  await snapshots.restore();
  await expect(workspace.notes).toHaveValue('Then');
  await workspace.type(' and since');

  await keyboard.press(snapshots.undo);
  const rest = page.getByRole('dialog', { name: 'Some of it changed since' });
  await expect(rest.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.press(rest.getByRole('button', { name: 'Undo the rest' }));
  await expect(rest).toBeHidden();
  await expect(notices).toContainText('1 newer value stayed');
  await expect(workspace.fields.input('Budget')).toHaveValue('2400');
  await expect(workspace.notes).toHaveValue('Then and since');
  await keyboard.keepsFocus();
});

test('[UX-2] by keyboard: this tab gets a name, or keeps the one it has', async ({ workspace }) => {
  const { page, presence } = workspace;
  const keyboard = new Keyboard(page);
  const name = presence.getByRole('button', { name: /this tab/ });
  const input = page.getByLabel('Name of this tab');
  await keyboard.press(name);
  await expect(input).toBeFocused();
  await keyboard.replace('Laptop');
  await page.keyboard.press('Enter');
  await expect(name).toContainText('Laptop');
  await expect(name).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(input).toBeFocused();
  await keyboard.replace('Nobody');
  await page.keyboard.press('Escape');
  await expect(name).toContainText('Laptop');
  await expect(name).toBeFocused();
});

test.describe('on a phone', () => {
  test.use({ viewport: viewports.narrow });

  test('[UX-2] by keyboard: the two drawers', async ({ workspace }) => {
    const { page, sessions, snapshots } = workspace;
    const keyboard = new Keyboard(page);
    await workspace.type('First');
    const menu = page.getByRole('button', { name: 'Sessions', exact: true });
    const panel = page.getByRole('button', { name: 'People, tabs and snapshots', exact: true });
    await expect(sessions.list).toBeHidden();
    await keyboard.press(menu);
    await keyboard.to(sessions.list.getByRole('searchbox'));
    await page.keyboard.press('Escape');
    await expect(sessions.list).toBeHidden();
    await expect(menu).toBeFocused();

    await keyboard.press(panel);
    await keyboard.press(page.getByRole('complementary').getByRole('button', { name: 'Take one' }));
    await expect(snapshots.list).toHaveCount(1);
    await keyboard.press(page.getByRole('complementary').getByRole('button', { name: 'Close' }));
    await expect(page.getByRole('complementary')).toBeHidden();
    await expect(panel).toBeFocused();

    const first = await workspace.sessionId();
    await keyboard.press(menu);
    await keyboard.press(sessions.list.getByRole('button', { name: 'New session' }));
    await expect(workspace.notes).toHaveValue('');
    expect(await workspace.sessionId()).not.toBe(first);
  });
});
