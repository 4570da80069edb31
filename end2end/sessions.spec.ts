import { Workspace } from './pages/workspace.ts';
import { sameGuest } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

test('[SESS-3] sessions are found, renamed and completed from their list', async ({ workspace }) => {
  const { sessions, name, notes, page } = workspace;
  await name.fill('Lofoten');
  await workspace.type('ferry');
  await workspace.save();
  await sessions.create();
  await expect(notes).toHaveValue('');
  await name.fill('Garden');
  await name.press('Enter');
  await expect(sessions.link('Garden')).toBeVisible();

  await sessions.search('lofo');
  await expect(sessions.link('Garden')).toHaveCount(0);
  await expect(sessions.list.getByRole('status')).toHaveText('1 session found');
  await sessions.search('');

  // Of the one that is not open: it opens, and its name is selected.
  await sessions.menu('Lofoten', 'Rename');
  await expect(notes).toHaveValue('ferry');
  await expect(name).toBeFocused();
  await page.keyboard.type('Lofoten 2027');
  await page.keyboard.press('Enter');
  await expect(sessions.link('Lofoten 2027')).toBeVisible();
  await expect(sessions.link('Garden')).toBeVisible();

  await sessions.menu('Lofoten 2027', 'Complete');
  await expect(sessions.list.getByRole('region', { name: 'Completed' })).toContainText('Lofoten 2027');
  await workspace.reload();
  await expect(sessions.list.getByRole('region', { name: 'Completed' })).toContainText('Lofoten 2027');
  await expect(notes).toHaveValue('ferry');
});

test('[SESS-3] renaming a session that this device does not have yet renames no other one', async ({
  workspace,
  context,
}) => {
  await workspace.name.fill('Lofoten');
  await workspace.type('ferry');
  await workspace.save();
  await workspace.sessions.create();
  await expect(workspace.notes).toHaveValue('');
  await workspace.name.fill('Garden');
  await workspace.type('beans');
  await workspace.save();
  const other = await Workspace.at(await (await sameGuest(context)).newPage(), '/');
  await expect(other.notes).toHaveValue('beans');
  // The server is asked for the other one first, and takes its time.
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await other.page.route('**/fn/find_session', async (route) => {
    await answered;
    await route.continue();
  });
  await other.sessions.menu('Lofoten', 'Rename');
  await other.page.keyboard.type('Harbour');
  await other.page.keyboard.press('Enter');
  await expect(other.sessions.link('Garden')).toBeVisible();
  await expect(other.sessions.link('Harbour')).toHaveCount(0);
  answer();
  await expect(other.notes).toHaveValue('ferry');
  await expect(other.name).toBeFocused();
  // Neither of them took the name that was typed too early.
  await expect(other.name).toHaveValue('Lofoten');
  await expect(other.sessions.link('Lofoten')).toBeVisible();
  await expect(other.sessions.link('Garden')).toBeVisible();
  await expect(other.sessions.link('Harbour')).toHaveCount(0);
  await other.page.keyboard.type('Lofoten 2027');
  await other.page.keyboard.press('Enter');
  await expect(other.sessions.link('Lofoten 2027')).toBeVisible();
  await expect(other.sessions.link('Garden')).toBeVisible();
});

test('[UX-1] the list collapses to a narrow column, also after a reload', async ({ workspace }) => {
  const { sessions, page, name } = workspace;
  await name.fill('Lofoten');
  await workspace.type('ferry');
  await workspace.save();
  await sessions.create();
  const width = async () => (await sessions.list.boundingBox())?.width ?? 0;
  const wide = await width();
  await sessions.list.getByRole('button', { name: /^Collapse/ }).click();
  await expect.poll(width).toBeLessThan(80);
  await expect(sessions.link('Lofoten')).toBeVisible();
  await workspace.reload();
  await expect.poll(width).toBeLessThan(80);
  await sessions.open('Lofoten');
  await expect(workspace.notes).toHaveValue('ferry');
  const expand = sessions.list.getByRole('button', { name: /^Expand/ });
  await expand.focus();
  await page.keyboard.press('Enter');
  await expect.poll(width).toBe(wide);
});
