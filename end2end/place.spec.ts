import type { Locator } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { sameGuest } from './support/browsers.ts';
import { expect, test } from './support/test.ts';
import { keptViews } from './support/views.ts';

test('[CTX-11] the place in a long text comes back after a reload', async ({ workspace }) => {
  const { page } = workspace;
  await workspace.notes.focus();
  await page.keyboard.insertText(Array.from({ length: 200 }, (_, line) => `Line ${line}`).join('\n'));
  await workspace.shows('on_device', 'saved');
  const work = page.getByRole('main');
  const top = () => work.evaluate((element) => element.scrollTop);
  await work.evaluate((element) => element.scrollTo(0, 1_500));
  // At once: it is kept when the page goes.
  await workspace.reload();
  await expect.poll(top).toBe(1_500);
});

test('[CTX-11] the part that was shown opens again, on this device only', async ({ workspace, context }) => {
  const { page } = workspace;
  const session = await workspace.sessionId();
  await workspace.type('.');
  await workspace.save();
  await workspace.goTo('History');
  await expect(page).toHaveURL(`/s/${session}/history`);
  await workspace.open('/');
  await expect(page).toHaveURL(`/s/${session}/history`);

  const elsewhere = await Workspace.at(await (await sameGuest(context)).newPage(), '/');
  await expect(elsewhere.notes).toHaveValue('.');
  await expect(elsewhere.page).toHaveURL(`/s/${session}`);

  // A link to the notes is a link to the notes.
  await workspace.open(`/s/${session}`);
  await expect(workspace.notes).toHaveValue('.');
  await expect(page).toHaveURL(`/s/${session}`);
});

test('[CTX-11] a half-filled form comes back after a reload', async ({ workspace }) => {
  const { page } = workspace;
  const form = page.getByRole('group', { name: 'Add a field' });
  await page.getByRole('button', { name: 'Add field' }).first().click();
  await form.getByLabel('Name').fill('Cabin');
  await form.getByText('Choice', { exact: true }).click();
  await form.getByLabel(/^Choices/).fill('inside\noutside');
  await workspace.goTo('History');
  await page.getByLabel('Name of the snapshot').fill('Before the trip');
  await expect.poll(() => keptViews(page)).toContain('Before the trip');

  await workspace.reload();
  await expect(page.getByLabel('Name of the snapshot')).toHaveValue('Before the trip');
  await workspace.goTo('Notes');
  await page.getByRole('button', { name: 'Add field' }).first().click();
  await expect(form.getByLabel('Name')).toHaveValue('Cabin');
  await expect(form.getByLabel(/^Choices/)).toHaveValue('inside\noutside');
  await form.getByRole('button', { name: 'Add field' }).click();
  await expect(workspace.fields.input('Cabin').getByRole('option')).toHaveText(['—', 'inside', 'outside']);
});

test('[CTX-11] what was selected in the text is selected again after a reload', async ({ workspace }) => {
  const { page, notes } = workspace;
  await workspace.type('Ferry at 15:00, bring the stove');
  await workspace.shows('on_device', 'saved');
  await notes.press('Home');
  await notes.press('Control+Shift+ArrowRight');
  await expect.poll(() => selected(notes)).toBe('Ferry');
  // At once: it is kept when the page goes.
  await workspace.reload();
  await expect(notes).toBeFocused();
  await expect.poll(() => selected(notes)).toBe('Ferry');
  await page.keyboard.type('Train');
  await expect(notes).toHaveValue('Train at 15:00, bring the stove');

  // Who had left the text is not put back into it.
  await workspace.name.focus();
  await expect.poll(() => keptViews(page)).toMatch(/selection [^\n]*null/);
  await workspace.reload();
  await expect(notes).not.toBeFocused();
});

test('[CTX-11] a form that stood open stands open after a reload, as it was', async ({ workspace }) => {
  const { page } = workspace;
  const form = page.getByRole('group', { name: 'Add a field' });
  await page.getByRole('button', { name: 'Add field' }).first().click();
  await form.getByLabel('Name').fill('Cabin');
  await expect.poll(() => keptViews(page)).toContain('add-field');
  await workspace.reload();
  await expect(form.getByLabel('Name')).toHaveValue('Cabin');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await workspace.reload();
  await expect(page.getByRole('button', { name: 'Add field' }).first()).toBeVisible();
  await expect(form).toBeHidden();
});

test('[CTX-11] a half-typed name of the session comes back and is not its name yet', async ({
  workspace,
}) => {
  const { page, name } = workspace;
  await name.fill('Lofo');
  await expect.poll(() => keptViews(page)).toContain('Lofo');
  await workspace.reload();
  await expect(name).toHaveValue('Lofo');
  await expect(workspace.sessions.link('Untitled')).toBeVisible();
  await name.press('End');
  await page.keyboard.type('ten');
  await page.keyboard.press('Enter');
  await expect(workspace.sessions.link('Lofoten')).toBeVisible();
});

function selected(notes: Locator): Promise<string> {
  return notes.evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
}
