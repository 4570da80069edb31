import { Keyboard } from './support/keyboard.ts';
import { expect, test } from './support/test.ts';

// Everything without a mouse. Whatever opens gives the focus back when it closes.

test('[UX-2] by keyboard: the way to the work, writing, saving, where it is', async ({ workspace }) => {
  const { page } = workspace;
  const keyboard = new Keyboard(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the work' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await keyboard.to(workspace.notes);
  await page.keyboard.type('Ferry at 15:00');
  await workspace.save();

  await keyboard.press(workspace.indicator);
  await expect(page.getByRole('group', { name: 'Where your work is' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('group', { name: 'Where your work is' })).toBeHidden();
  await expect(workspace.indicator).toBeFocused();

  // Undo and redo, in the text and outside of it.
  await keyboard.to(workspace.notes);
  await page.keyboard.press('Control+z');
  await expect(workspace.notes).not.toHaveValue('Ferry at 15:00');
  await page.keyboard.press('Control+Shift+z');
  await expect(workspace.notes).toHaveValue('Ferry at 15:00');
  await keyboard.to(workspace.indicator, 'Shift+Tab');
  await page.keyboard.press('Control+z');
  await expect(workspace.notes).not.toHaveValue('Ferry at 15:00');
  await page.keyboard.press('Control+Shift+z');
  await expect(workspace.notes).toHaveValue('Ferry at 15:00');
});

test('[UX-2] by keyboard: fields of every kind, renaming and removing one', async ({ workspace }) => {
  const { fields, page } = workspace;
  const keyboard = new Keyboard(page);
  const addField = fields.all.getByRole('button', { name: 'Add field' });
  const form = page.getByRole('group', { name: 'Add a field' });
  const add = async (name: string, downs: number, choices?: string) => {
    await keyboard.press(addField);
    await expect(form.getByLabel('Name')).toBeFocused();
    await page.keyboard.type(name);
    await page.keyboard.press('Tab');
    for (let down = 0; down < downs; down += 1) await page.keyboard.press('ArrowDown');
    if (choices !== undefined) {
      await keyboard.to(form.getByLabel(/^Choices/));
      await page.keyboard.type(choices);
      await keyboard.to(form.getByRole('button', { name: 'Add field' }));
    }
    await page.keyboard.press('Enter');
    await expect(fields.input(name)).toBeFocused();
  };
  await add('Guide', 0);
  await page.keyboard.type('Marta Lind');
  await add('Budget', 1);
  await page.keyboard.type('2400');
  await add('Departure', 2);
  // The same whether the day or the month comes first.
  await page.keyboard.type('06062026');
  await add('Way', 3, 'Train\nFerry');
  await page.keyboard.type('F');
  await add('Vegetarian', 4);
  await page.keyboard.press('Space');
  await add('Huts', 5);
  await page.keyboard.type('[1]');
  await expect(fields.input('Guide')).toHaveValue('Marta Lind');
  await expect(fields.input('Budget')).toHaveValue('2400');
  await expect(fields.input('Departure')).toHaveValue('2026-06-06');
  await expect(fields.input('Way')).toHaveValue('Ferry');
  await expect(fields.input('Vegetarian')).toBeChecked();
  await expect(fields.input('Huts')).toHaveValue('[1]');

  // Escape out of the form.
  await keyboard.press(addField);
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await expect(addField).toBeFocused();

  const actions = (name: string) => fields.all.getByRole('button', { name: `Actions for ${name}` });
  const menu = (name: string) => page.getByRole('group', { name, exact: true });
  await keyboard.to(actions('Guide'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await keyboard.press(menu('Guide').getByRole('button', { name: 'Rename' }));
  const dialog = page.getByRole('dialog', { name: 'Rename the field' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(actions('Guide')).toBeFocused();
  await page.keyboard.press('Enter');
  await keyboard.press(menu('Guide').getByRole('button', { name: 'Rename' }));
  await keyboard.replace('Our guide');
  await page.keyboard.press('Enter');
  await expect(fields.input('Our guide')).toHaveValue('Marta Lind');
  await expect(actions('Our guide')).toBeFocused();

  await page.keyboard.press('Enter');
  await keyboard.press(menu('Our guide').getByRole('button', { name: 'Remove field' }));
  await expect(fields.input('Our guide')).toHaveCount(0);
  await expect(addField).toBeFocused();
  await keyboard.press(workspace.notices.getByRole('button', { name: 'Undo' }));
  await expect(fields.input('Our guide')).toHaveValue('Marta Lind');
  await keyboard.keepsFocus();
});

test('[UX-2] by keyboard: take, pin, preview, restore, undo and delete a snapshot', async ({ workspace }) => {
  const { page, notices } = workspace;
  const keyboard = new Keyboard(page);
  await keyboard.to(workspace.notes);
  await page.keyboard.type('Then');
  await keyboard.press(page.getByRole('complementary').getByRole('button', { name: 'Take one' }));
  await expect(notices).toContainText('Snapshot taken');
  await expect(workspace.snapshots.list).toHaveCount(1);
  await keyboard.to(workspace.notes);
  await keyboard.replace('Now');

  await keyboard.press(page.getByRole('link', { name: 'History' }));
  await keyboard.to(page.getByRole('textbox', { name: 'Name of the snapshot' }));
  await page.keyboard.type('Packed');
  await page.keyboard.press('Enter');
  const row = workspace.history.named('Packed');
  await keyboard.press(row.getByRole('button', { name: /^Pin/ }), 'Space');
  await expect(row).toContainText('pinned');
  await expect(row.getByRole('button', { name: /^Pin/ })).toBeFocused();

  const first = workspace.history.all.last();
  const restore = first.getByRole('button', { name: /^Restore/ });
  const preview = page.getByRole('dialog', { name: /^Restore/ });
  await keyboard.press(restore);
  await expect(preview.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(preview.getByRole('insertion')).toHaveText(['Then']);
  await page.keyboard.press('Escape');
  await expect(preview).toBeHidden();
  await expect(restore).toBeFocused();
  await page.keyboard.press('Enter');
  await keyboard.press(preview.getByRole('button', { name: 'Restore', exact: true }));
  await expect(preview).toBeHidden();
  await expect(restore).toBeFocused();
  await keyboard.press(workspace.snapshots.undo);
  await expect(notices).toContainText('Restore undone');
  await keyboard.keepsFocus();

  const remove = row.getByRole('button', { name: /^Delete/ });
  const question = page.getByRole('dialog', { name: /^Delete/ });
  await keyboard.press(remove);
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(remove).toBeFocused();
  await page.keyboard.press('Enter');
  await keyboard.press(question.getByRole('button', { name: 'Delete snapshot' }));
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('main')).toBeFocused();
});

test('[UX-2] by keyboard: new sessions, their names, and going between them', async ({ workspace }) => {
  const { page, sessions } = workspace;
  const keyboard = new Keyboard(page);
  await keyboard.to(workspace.notes);
  await page.keyboard.type('First');
  await keyboard.to(workspace.name, 'Shift+Tab');
  await keyboard.replace('Field trip');
  await page.keyboard.press('Enter');
  await expect(sessions.link('Field trip')).toBeVisible();

  await keyboard.press(page.getByRole('button', { name: 'New session' }));
  await expect(workspace.name).toHaveValue('Untitled');
  await expect(workspace.notes).toHaveValue('');
  await keyboard.to(workspace.name);
  await keyboard.replace('Tax 2026');
  await page.keyboard.press('Enter');
  await expect(sessions.link('Tax 2026')).toBeVisible();

  await keyboard.press(sessions.link('Field trip'));
  await expect(workspace.notes).toHaveValue('First');
  // The search is one key away.
  await page.keyboard.press('/');
  await expect(sessions.list.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('tax');
  await expect(sessions.link('Field trip')).toHaveCount(0);
  await keyboard.press(sessions.link('Tax 2026'));
  await expect(workspace.name).toHaveValue('Tax 2026');
  await page.goBack();
  await expect(workspace.name).toHaveValue('Field trip');
});

for (const command of ['', 'deleted sessions', 'shortcuts']) {
  test(`[UX-2] typing goes on after a dialog: ${command || 'the palette'}`, async ({ workspace }) => {
    const { page, notes } = workspace;
    await workspace.type('ferry 15:00');
    for (let left = 0; left < 6; left += 1) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
    if (command) {
      await page.keyboard.type(command);
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog', { name: 'Commands' })).toBeHidden();
      await expect(page.getByRole('dialog', { name: new RegExp(command, 'i') })).toBeVisible();
    }
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(notes).toBeFocused();
    await page.keyboard.type(' at');
    await expect(notes).toHaveValue('ferry at 15:00');
  });
}

test('[UX-2] by keyboard: the palette, the sheet of shortcuts, the theme, the reset', async ({
  workspace,
}) => {
  const { page, notices } = workspace;
  const keyboard = new Keyboard(page);
  const palette = page.getByRole('dialog', { name: 'Commands' });
  const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
  const theme = page.locator('html');
  await keyboard.to(workspace.notes);
  await page.keyboard.type('First');

  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(workspace.notes).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('theme');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect(theme).toHaveAttribute('data-theme', 'dark');
  await expect(workspace.notes).toBeFocused();

  const themes = page.getByRole('banner').getByRole('button', { name: /^Theme/ });
  await keyboard.press(themes);
  await keyboard.press(page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Light' }));
  await expect(theme).toHaveAttribute('data-theme', 'light');
  await expect(themes).toBeFocused();

  await page.keyboard.press('?');
  await expect(sheet.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sheet).toBeHidden();
  await expect(themes).toBeFocused();

  const actions = page.getByRole('button', { name: 'Session actions' });
  const item = page.getByRole('group', { name: 'Session actions' }).getByRole('button', { name: /^Reset/ });
  const reset = page.getByRole('dialog', { name: /^Reset/ });
  await keyboard.press(actions);
  await keyboard.press(item);
  await expect(reset.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(reset).toBeHidden();
  await expect(actions).toBeFocused();
  await page.keyboard.press('Enter');
  await keyboard.press(item);
  await keyboard.press(reset.getByRole('button', { name: 'Take a snapshot and reset' }));
  await expect(workspace.notes).toHaveValue('');
  await keyboard.press(notices.getByRole('button', { name: 'Undo' }));
  await expect(workspace.notes).toHaveValue('First');
  await keyboard.keepsFocus();
});
