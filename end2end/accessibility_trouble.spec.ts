import { Workspace } from './pages/workspace.ts';
import { expectAccessible, viewports } from './support/accessibility.ts';
import { databases, withoutLocalStorage } from './support/broken.ts';
import { plainPage } from './support/browsers.ts';
import { say } from './support/channel.ts';
import { forged, hostile, sound } from './support/forged.ts';
import { holdProgram } from './support/program.ts';
import { expect, test } from './support/test.ts';

// Axe on what a person sees when something is not as it should be.

for (const [name, viewport] of Object.entries(viewports)) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport });

    test(`[UX-2] before the program runs, ${name}`, async ({ workspace }) => {
      const { page } = workspace;
      await workspace.type('The hut key is with Marta.');
      await workspace.save();
      const arrive = await holdProgram(page);
      await page.reload({ waitUntil: 'commit' });
      await expect(workspace.notes).toBeVisible();
      await expectAccessible(page);
      await expect(page.locator('.shell')).toHaveAttribute('data-ready', 'false');
      arrive();
      await workspace.ready();
    });

    test(`[UX-2] a database that does not work, ${name}`, async ({ page }) => {
      await page.addInitScript(databases.throws);
      const workspace = await Workspace.at(page);
      await expect(workspace.bars).toContainText('simple storage');
      await expectAccessible(page);
      await workspace.bars.getByRole('button', { name: 'Repair…' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await expect(workspace.bars.getByRole('button', { name: 'Repair…' })).toBeFocused();
    });

    test(`[UX-2] no store and no server, ${name}: the bars, and why it is not saved`, async ({
      page,
      server,
    }) => {
      await page.addInitScript(databases.throws);
      await withoutLocalStorage(page);
      const workspace = await Workspace.at(page);
      await expect(workspace.bars).toContainText('keeps nothing on disk');
      await expectAccessible(page);
      await server.kill();
      await workspace.type('In this window only');
      await workspace.shows('not_saved');
      await expectAccessible(page);
      await expect(await workspace.whereMyWorkIs()).toContainText('keeps nothing for this page');
      await expectAccessible(page);
    });

    test(`[UX-2] bars with something to do, and what failed, ${name}`, async ({ context, workspace }) => {
      const { page, bars, notices } = workspace;
      const session = await workspace.sessionId();
      const look = await plainPage(context);
      await page.bringToFront();
      await say(look, session, [forged.edited(hostile['a billion structs'] ?? sound())]);
      await expect(bars).toContainText('was refused');
      await expectAccessible(page);
      const newer = forged.edited(sound());
      newer[2] = 9;
      await say(look, session, [newer]);
      await expect(bars.getByRole('button', { name: 'Reload' })).toBeVisible();
      await expectAccessible(page);

      await workspace.name.fill(' ');
      await workspace.name.press('Enter');
      await expect(notices.getByRole('alert')).toContainText('Not renamed');
      await expectAccessible(page);
    });
  });
}
