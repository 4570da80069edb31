import { viewports } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';
import { keptViews } from './support/views.ts';

test.describe('on a phone', () => {
  test.use({ viewport: viewports.narrow });

  test('[UX-1] [CTX-11] the list of sessions is over with the choice, and does not come back', async ({
    workspace,
  }) => {
    const { page, sessions, name, notes } = workspace;
    await name.fill('Lofoten');
    await workspace.type('ferry');
    await workspace.save();
    const menu = page.getByRole('button', { name: 'Sessions', exact: true });
    await menu.click();
    await sessions.create();
    await expect(sessions.list).toBeHidden();
    await expect(notes).toHaveValue('');
    await name.fill('Packing');
    await workspace.type('stove');
    await workspace.save();

    await menu.click();
    await sessions.open('Lofoten');
    await expect(notes).toHaveValue('ferry');
    await page.goBack();
    await expect(notes).toHaveValue('stove');
    await page.goForward();
    await expect(notes).toHaveValue('ferry');
    await expect(sessions.list).toBeHidden();
    expect(await keptViews(page)).not.toContain('sidebar');
  });
});

test('[UX-1] the search opens what hides it, and a list that is narrow by choice stays so', async ({
  workspace,
}) => {
  const { page, sessions } = workspace;
  const search = sessions.list.getByRole('searchbox');
  const width = async () => (await sessions.list.boundingBox())?.width ?? 0;
  await sessions.list.getByRole('button', { name: /^Collapse/ }).click();
  await expect.poll(width).toBeLessThan(80);

  await page.setViewportSize(viewports.narrow);
  await workspace.indicator.focus();
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(sessions.list).toBeHidden();

  await page.setViewportSize(viewports.wide);
  await expect.poll(width).toBeLessThan(80);
  await workspace.indicator.focus();
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  expect(await width()).toBeGreaterThan(80);
});

test('[UX-2] no key of the page acts behind an open dialog', async ({ workspace }) => {
  const { page, sessions } = workspace;
  const width = async () => (await sessions.list.boundingBox())?.width ?? 0;
  await workspace.type('ferry');
  await sessions.list.getByRole('button', { name: /^Collapse/ }).click();
  await expect.poll(width).toBeLessThan(80);
  await workspace.menu(/^Reset/);
  const dialog = page.getByRole('dialog');
  const cancel = dialog.getByRole('button', { name: 'Cancel' });
  await cancel.focus();
  await page.keyboard.press('/');
  await page.keyboard.press('?');
  await page.keyboard.press('Control+z');
  await expect(dialog).toHaveCount(1);
  await expect(cancel).toBeFocused();
  expect(await width()).toBeLessThan(80);
  await cancel.click();
  await expect(workspace.notes).toHaveValue('ferry');
});

test('[SESS-3] [CTX-11] a name that cannot be taken stays with its session, and is marked there only', async ({
  workspace,
}) => {
  const { page, sessions, name } = workspace;
  await name.fill('Lofoten');
  await workspace.type('ferry');
  await workspace.save();
  await sessions.create();
  await expect(workspace.notes).toHaveValue('');
  await name.fill('Packing');
  await name.press('Enter');
  await expect(sessions.link('Packing')).toBeVisible();

  await name.fill('   ');
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await sessions.open('Lofoten');
  await expect(name).toHaveValue('Lofoten');
  await expect(name).not.toHaveAttribute('aria-invalid', 'true');
  await sessions.open('Packing');
  await expect(name).toHaveValue('   ');
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await workspace.reload();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await name.press('Escape');
  await expect(name).toHaveValue('Packing');
  await expect(name).not.toHaveAttribute('aria-invalid', 'true');
  await expect(page).toHaveTitle(/Packing/);
});
