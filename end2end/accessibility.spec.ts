import type { FieldKind } from './pages/fields.ts';
import { Workspace } from './pages/workspace.ts';
import { expectAccessible, viewports } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

// Axe on every page and in every state in which a person can find one, in both themes and widths.

const nobodys = '019a0000-0000-7000-8000-000000000001';
const kinds: FieldKind[] = ['Text', 'Number', 'Date', 'Choice', 'Checkbox', 'JSON'];

for (const [name, viewport] of Object.entries(viewports)) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport });
    const narrow = name === 'narrow';

    test(`[UX-2] the work, ${name}: empty, filled, offline, with its popovers`, async ({
      context,
      workspace,
    }) => {
      const { page } = workspace;
      await expectAccessible(page);
      await fill(workspace);
      await expectAccessible(page);
      await workspace.whereMyWorkIs();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      const menu = page.locator(':popover-open');
      await page.getByRole('button', { name: 'Session actions' }).click();
      await expect(menu).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await expect(menu).toHaveCount(0);
      await workspace.fields.all.getByRole('button', { name: 'Actions for My Date' }).click();
      await expect(menu).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await context.setOffline(true);
      await workspace.type(' Offline.');
      await workspace.shows('offline');
      await workspace.whereMyWorkIs();
      await expectAccessible(page);
    });

    test(`[UX-2] the history, ${name}: empty, filled, with its dialogs`, async ({ workspace }) => {
      const { page } = workspace;
      await workspace.goTo('History');
      await expectAccessible(page);
      await workspace.goTo('Notes');
      await fill(workspace);
      await workspace.goTo('History');
      await workspace.history.take('Before packing');
      await expectAccessible(page);
      const row = workspace.history.named('Before packing');
      await row.getByRole('button', { name: /^Delete/ }).click();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Cancel' }).click();

      await workspace.goTo('Notes');
      await workspace.notes.fill('The hut key is with Jonas.');
      await workspace.fields.menu('My Text', 'Remove field');
      await workspace.goTo('History');
      await row.getByRole('button', { name: /^Restore/ }).click();
      const preview = page.getByRole('dialog', { name: /^Restore/ });
      await expect(preview.getByRole('insertion').first()).toBeVisible();
      await expectAccessible(page);
      await preview.getByRole('button', { name: 'Restore', exact: true }).click();
      await expect(workspace.snapshots.undo).toBeVisible();
      await expectAccessible(page);

      await workspace.goTo('Notes');
      await workspace.type(' And tea.');
      await workspace.snapshots.undo.click();
      await expect(page.getByRole('dialog', { name: 'Some of it changed since' })).toBeVisible();
      await expectAccessible(page);
    });

    test(`[UX-2] the other dialogs, ${name}`, async ({ workspace }) => {
      const { page } = workspace;
      await fill(workspace);
      await workspace.menu(/^Reset/);
      await expect(page.getByRole('dialog', { name: /^Reset/ })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');

      await page.getByRole('button', { name: 'Add field' }).first().click();
      const form = page.getByRole('group', { name: 'Add a field' });
      await form.getByLabel('Name').fill('My Text');
      await expect(form.getByRole('status')).toHaveText('There is a field of this name.');
      await expectAccessible(page);
      await form.getByText('Choice', { exact: true }).click();
      await expectAccessible(page);
      await page.keyboard.press('Escape');

      await workspace.fields.menu('My Text', 'Rename');
      await expect(page.getByRole('dialog', { name: 'Rename the field' })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');

      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.type('nothing is called this');
      await expectAccessible(page);
      await page.keyboard.press('Control+a');
      await page.keyboard.type('shortcuts');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');

      if (narrow) {
        for (const drawer of ['Sessions', 'People, tabs and snapshots']) {
          await page.getByRole('button', { name: drawer, exact: true }).click();
          await expect(page.locator(':popover-open').and(page.getByLabel(drawer))).toBeVisible();
          await expectAccessible(page);
          await page.keyboard.press('Escape');
        }
      }
    });

    test(`[UX-2] other pages, ${name}: no such session or page, the example`, async ({ workspace }) => {
      const { page } = workspace;
      const heading = (name: string) => page.getByRole('heading', { name });
      await page.goto(`/s/${nobodys}`);
      await expect(heading('There is no such session')).toBeVisible();
      await expectAccessible(page);
      await page.goto('/no/such/page');
      await expect(heading('There is no such page')).toBeVisible();
      await expectAccessible(page);
      await page.route('**/fn/*', (route) => route.abort());
      await page.goto(`/s/${nobodys}`);
      await expect(heading('This session is not on this device')).toBeVisible();
      await expectAccessible(page);
      await page.unrouteAll({ behavior: 'wait' });
      await page.goto('/example');
      await expect(page.getByRole('main')).toHaveAttribute('data-ready', 'true');
      await page.getByLabel('What to buy').fill('Bread');
      await expectAccessible(page);
    });
  });
}

/** A text, a field of every kind, and one that says what is wrong. */
async function fill(workspace: Workspace): Promise<void> {
  await workspace.type('The hut key is with Marta.');
  for (const kind of kinds) {
    await workspace.fields.add(`My ${kind}`, kind, kind === 'Choice' ? ['Train', 'Ferry'] : []);
  }
  await workspace.fields.input('My Text').fill('Marta Lind');
  await workspace.fields.input('My JSON').fill('{"beds": 4');
  await expect(workspace.fields.input('My JSON')).toHaveAttribute('aria-invalid', 'true');
}
