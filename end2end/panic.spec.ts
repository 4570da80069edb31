import type { Locator, Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { expectAccessible, viewports } from './support/accessibility.ts';
import { anotherBrowser } from './support/browsers.ts';
import { breakRendering, takeAllMemory } from './support/panic.ts';
import { expect, test } from './support/test.ts';

// The program ends in the middle of what it does, as by a mistake of ours; from outside, and without any help of
// the program.

for (const [name, viewport] of Object.entries(viewports)) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport });

    test(`[CTX-7] [UX-2] after a panic, ${name}: Not saved, never Saved again, and all is there after a reload`, async ({
      page,
      context,
      indicator,
      truth,
    }) => {
      const workspace = await Workspace.at(page);
      const session = await workspace.sessionId();
      await workspace.fields.add('Place', 'Choice', ['Hut', 'Tent']);
      await workspace.fields.input('Place').selectOption('Tent');
      await workspace.type('acknowledged; ');
      await workspace.save();
      const sibling = await Workspace.at(await context.newPage(), `/s/${session}`);
      await page.bringToFront();
      await context.setOffline(true);
      await workspace.type('and journaled');
      await workspace.shows('offline', 'on_device');

      const repair = await breakRendering(page);
      await workspace.goTo('History');
      await expect(alert(page)).toContainText('Not saved: this page stopped.');
      await repair();
      await expect.poll(() => indicator.shownIn(page).at(-1)?.state).toBe('not_saved');
      const dead = indicator.shownIn(page).length;
      // Who is typing reloads nothing with the next key; the button comes first.
      await expect(alert(page)).toBeFocused();
      await page.keyboard.type(' and more');
      await page.keyboard.press('Tab');
      await expect(alert(page).getByRole('button', { name: 'Reload' })).toBeFocused();
      await expectDead(workspace);
      await expect(workspace.fields.input('Place')).toHaveValue('Tent');
      await expect(workspace.fields.input('Place')).toBeDisabled();

      // What would have made it say something else.
      await context.setOffline(false);
      await page.keyboard.press('Control+s');
      await page.keyboard.press('Control+k');
      await sibling.save();
      await expect(sibling.notes).toHaveValue('acknowledged; and journaled');
      await expectDead(workspace);
      expect(indicator.shownIn(page).slice(dead)).toEqual([]);
      await expectReadable(workspace, 'acknowledged; and journaled');
      await expectAccessible(page);

      await alert(page).getByRole('button', { name: 'Reload' }).press('Enter');
      await workspace.ready();
      await expect(page.locator('body')).not.toHaveAttribute('data-dead');
      await workspace.goTo('Notes');
      await expect(workspace.notes).toHaveValue('acknowledged; and journaled');
      await expect(workspace.fields.input('Place')).toHaveValue('Tent');
      const elsewhere = await anotherBrowser(context, session);
      await expect(elsewhere.notes).toHaveValue('acknowledged; and journaled');
      await truth.confirm(context, session, [workspace, sibling, elsewhere]);
    });
  });
}

test('[CTX-7] [CTX-2] a panic in the very edit loses neither it nor what was before it', async ({
  page,
  context,
  server,
  truth,
}) => {
  const workspace = await Workspace.at(page);
  await workspace.type('known; ');
  await workspace.save();
  await server.kill();
  await workspace.type('only here');
  await page.getByRole('button', { name: 'Add field' }).first().click();
  const form = page.getByRole('group', { name: 'Add a field' });
  await form.getByLabel('Name').fill('Budget');
  // The field is in the context, and the page has to show it.
  const repair = await breakRendering(page);
  await form.getByRole('button', { name: 'Add field' }).click();
  await expect(alert(page)).toBeVisible();
  await repair();
  await expectDead(workspace);
  await expectReadable(workspace, 'known; only here');

  await server.start();
  await alert(page).getByRole('button', { name: 'Reload' }).click();
  await workspace.ready();
  await expect(workspace.notes).toHaveValue('known; only here');
  await expect(workspace.fields.input('Budget')).toBeVisible();
  await workspace.shows('saved');
  await truth.confirm(context, await workspace.sessionId(), [workspace]);
});

test('[CTX-7] a program that finds no memory is over, and says so as after a panic', async ({
  page,
  context,
  indicator,
  truth,
}) => {
  const workspace = await Workspace.at(page);
  await workspace.type('acknowledged; ');
  await workspace.save();
  await takeAllMemory(page);
  await workspace.notes.evaluate((area: HTMLTextAreaElement) => {
    area.value += 'too much '.repeat(2 ** 19);
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
  await expect(alert(page)).toBeVisible();
  await expectDead(workspace);
  await expect.poll(() => indicator.shownIn(page).at(-1)?.state).toBe('not_saved');
  const dead = indicator.shownIn(page).length;
  await page.keyboard.press('Control+s');
  await expectDead(workspace);
  expect(indicator.shownIn(page).slice(dead)).toEqual([]);
  await alert(page).getByRole('button', { name: 'Reload' }).click();
  await workspace.ready();
  await expect(workspace.notes).toHaveValue(/^acknowledged; /);
  await workspace.shows('saved');
  await truth.confirm(context, await workspace.sessionId(), [workspace]);
});

test('[CTX-7] a panic under an open dialog leaves the way to reload', async ({ page, context, truth }) => {
  const workspace = await Workspace.at(page);
  await workspace.type('kept');
  await workspace.save();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await page.keyboard.type('nothing is called this');
  const repair = await breakRendering(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('reset');
  await expect(alert(page)).toBeVisible();
  await repair();
  await expectDead(workspace);
  await expectReadable(workspace, 'kept');
  await alert(page).getByRole('button', { name: 'Reload' }).click();
  await workspace.ready();
  await expect(workspace.notes).toHaveValue('kept');
  await truth.confirm(context, await workspace.sessionId(), [workspace]);
});

test('[CTX-7] a link leads out of a page that stopped', async ({ page, context, truth }) => {
  const workspace = await Workspace.at(page);
  await workspace.type('first');
  await workspace.save();
  const first = await workspace.sessionId();
  await workspace.sessions.create();
  await expect(workspace.notes).toHaveValue('');
  await workspace.type('second');
  await workspace.name.fill('Second');
  await workspace.name.press('Enter');
  await workspace.save();
  const second = await workspace.sessionId();
  const repair = await breakRendering(page);
  await workspace.goTo('History');
  await expect(alert(page)).toBeVisible();
  await repair();
  await workspace.sessions.open('Untitled');
  await expect(alert(page)).toHaveCount(0);
  await workspace.ready();
  expect(await workspace.sessionId()).toBe(first);
  await expect(workspace.notes).toHaveValue('first');
  await truth.confirm(context, first, [workspace]);
  await truth.confirm(context, second);
});

test('[CTX-7] [TAB-5] a tab that led and panicked keeps no other from saving', async ({
  page,
  context,
  truth,
}) => {
  const workspace = await Workspace.at(page);
  const session = await workspace.sessionId();
  await workspace.type('from the first; ');
  await workspace.save();
  const sibling = await Workspace.at(await context.newPage(), `/s/${session}`);
  const repair = await breakRendering(page);
  await workspace.goTo('History');
  await expect(alert(page)).toBeVisible();
  await repair();
  await sibling.type('from the second');
  await sibling.save();
  const elsewhere = await anotherBrowser(context, session);
  await expect(elsewhere.notes).toHaveValue('from the first; from the second');
  await expectDead(workspace);
  await truth.confirm(context, session, [sibling, elsewhere]);
});

function alert(page: Page): Locator {
  return page.getByRole('alert').filter({ hasText: 'this page stopped' });
}

/** It says that nothing is saved, and takes nothing. */
async function expectDead(workspace: Workspace): Promise<void> {
  const { page, indicator, notes } = workspace;
  await expect(indicator).toHaveText('Not saved');
  await expect(indicator).toHaveAttribute('data-state', 'not-saved');
  await expect(page.getByText(/^Saved/)).toHaveCount(0);
  await expect(notes).toHaveAttribute('readonly');
  const before = await notes.inputValue();
  await notes.press('x');
  await expect(notes).toHaveValue(before);
  await expect(page.locator('button:enabled, select:enabled')).toHaveText(['Reload']);
}

/** The text can be seen under the alert, selected and copied. */
async function expectReadable(workspace: Workspace, text: string): Promise<void> {
  const { page, notes } = workspace;
  await expect(notes).toHaveValue(text);
  const [over, under] = [await alert(page).boundingBox(), await notes.boundingBox()];
  expect(over?.y).toBe(0);
  expect(under?.y ?? 0).toBeGreaterThanOrEqual((over?.y ?? 0) + (over?.height ?? 0));
  expect(over?.height ?? Infinity).toBeLessThan((page.viewportSize()?.height ?? 0) / 2);
  await notes.click();
  await page.keyboard.press('Control+a');
  const selected = await notes.evaluate((area: HTMLTextAreaElement) => {
    return area.value.slice(area.selectionStart, area.selectionEnd);
  });
  expect(selected).toBe(text);
  await page.keyboard.press('Control+c');
}
