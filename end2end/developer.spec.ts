import { Developer } from './pages/developer.ts';
import { Workspace } from './pages/workspace.ts';
import { expectAccessible, viewports } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

// What a developer can switch on: it does what it says, and nothing is lost by it.

test('[UX-5] where they are not wanted there are no developer controls', async ({ page, workspace }) => {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('developer');
  await expect(page.getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Developer' })).toHaveCount(0);
  await expect(new Developer(page).dialog).toHaveCount(0);
  const status = await page.evaluate(async () => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/fn/expire_sign_in', { method: 'POST', headers, body: '{}' })).status;
  });
  expect(status).toBe(404);
  await workspace.type('still signed in');
  await workspace.save();
});

test.describe('where they are', () => {
  test.use({ settings: { HOLDFAST_DEV_CONTROLS: 'true' } });

  test('[UX-5] without a network everything is kept here, and saved afterwards', async ({
    workspace,
    context,
    truth,
  }) => {
    const developer = new Developer(workspace.page);
    const id = await workspace.fill('Lofoten', 'ferry');
    await developer.set('No network', true);
    await workspace.shows('offline');
    await expect(developer.bar).toHaveText(/Simulated: no network\./);
    await workspace.type(' at 15:00');
    await workspace.page.keyboard.press('Control+s');
    await workspace.shows('offline');
    await developer.open();
    await expect(developer.kept('IndexedDB')).toContainText('9 waiting');
    await expect(developer.dialog.getByRole('row')).toHaveCount(10);
    await developer.close();
    await developer.set('No network', false);
    await workspace.shows('saved');
    await expect(developer.bar).toHaveCount(0);
    expect(await truth.confirm(context, id, [workspace])).toBe('ferry at 15:00');
  });

  test('[UX-5] a slow server is waited for', async ({ workspace, context, truth }) => {
    const developer = new Developer(workspace.page);
    const id = await workspace.fill('Lofoten', 'ferry');
    await developer.open();
    await developer.dialog.getByRole('combobox').selectOption('3 s');
    await developer.close();
    await workspace.type(' at 15:00');
    const asked = Date.now();
    const sent = workspace.page.waitForRequest('**/fn/save_context');
    await workspace.page.keyboard.press('Control+s');
    await workspace.shows('on_device');
    await sent;
    expect(Date.now() - asked).toBeGreaterThan(2_500);
    await workspace.shows('saved');
    expect(await truth.confirm(context, id, [workspace])).toBe('ferry at 15:00');
  });

  test('[UX-5] where the storage is full that is said, and nothing is lost', async ({
    workspace,
    context,
    truth,
  }) => {
    const developer = new Developer(workspace.page);
    const id = await workspace.fill('Lofoten', 'ferry');
    // On the server it would be safe.
    await developer.set('No network', true);
    await developer.set('Storage of this browser is full', true);
    await workspace.type(' at 15:00');
    await workspace.shows('not_saved');
    await expect(developer.bar).toHaveText(/Simulated: no network, storage full\./);
    await developer.set('Storage of this browser is full', false);
    await workspace.shows('offline');
    await developer.set('No network', false);
    await workspace.shows('saved');
    expect(await truth.confirm(context, id, [workspace])).toBe('ferry at 15:00');
  });

  test('[UX-5] without the channel tabs go on by the journal', async ({ workspace, context, truth }) => {
    const developer = new Developer(workspace.page);
    const id = await workspace.fill('Lofoten', 'ferry');
    const other = await Workspace.at(await context.newPage(), `/s/${id}`);
    await developer.open();
    const close = developer.dialog.getByRole('button', { name: 'Close the channel to other tabs' });
    await close.click();
    await expect(close).toBeDisabled();
    await developer.close();
    await workspace.type(' at 15:00');
    await other.page.bringToFront();
    await expect(other.notes).toHaveValue('ferry at 15:00');
    await other.type(', cabin 4');
    await workspace.page.bringToFront();
    await expect(workspace.notes).toHaveValue('ferry at 15:00, cabin 4');
    await workspace.save();
    expect(await truth.confirm(context, id, [workspace, other])).toBe('ferry at 15:00, cabin 4');
  });

  test('[UX-5] an ended sign-in is told, and what was not sent stays', async ({ workspace }) => {
    const developer = new Developer(workspace.page);
    await workspace.fill('Lofoten', 'ferry');
    await workspace.account.register('ada@example.org', 'correct horse battery');
    await workspace.ready();
    await developer.open();
    await developer.dialog.getByRole('button', { name: 'End this sign-in' }).click();
    await developer.close();
    await workspace.type(' at 15:00');
    await workspace.page.keyboard.press('Control+s');
    await workspace.shows('not_saved');
    await workspace.bars.getByRole('link', { name: 'Sign in' }).click();
    await workspace.account.field('Email address').fill('ada@example.org');
    await workspace.account.field('Password').fill('correct horse battery');
    await workspace.page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    await workspace.account.is('ada@example.org');
    await workspace.sessions.open('Lofoten');
    await workspace.ready();
    await expect(workspace.notes).toHaveValue('ferry at 15:00');
    await workspace.save();
  });

  for (const [name, viewport] of Object.entries(viewports)) {
    test.describe(`at ${viewport.width} px`, () => {
      test.use({ viewport });
      test(`[UX-2] [UX-5] developer controls, ${name}`, async ({ workspace }) => {
        const developer = new Developer(workspace.page);
        await workspace.type('ferry');
        await developer.set('No network', true);
        await workspace.type(' at 15:00');
        await expectAccessible(workspace.page);
        await developer.open();
        await expect(developer.kept('IndexedDB')).toBeVisible();
        await expectAccessible(workspace.page);
      });
    });
  }
});

test.describe('on a server that is reached without encryption', () => {
  test.use({ settings: { HOLDFAST_INSECURE_COOKIE: 'true' } });

  test('[SEC-2] the page says that others can read what is sent', async ({ workspace, page }) => {
    await expect(workspace.bars).toContainText('reached without encryption');
    await expectAccessible(page);
    // Without JavaScript too.
    const html = await (await page.request.get('/')).text();
    expect(html).toContain('reached without encryption');
  });
});
