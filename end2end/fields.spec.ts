import type { FieldKind } from './pages/fields.ts';
import { Workspace } from './pages/workspace.ts';
import { anotherBrowser } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

const kinds: FieldKind[] = ['Text', 'Number', 'Date', 'Choice', 'Checkbox', 'JSON'];

test('[CTX-1] fields of every kind are typed, reloaded, and the same elsewhere', async ({
  context,
  workspace,
}) => {
  const { fields } = workspace;
  for (const kind of kinds) {
    await fields.add(`My ${kind}`, kind, kind === 'Choice' ? ['Train', 'Ferry'] : []);
  }
  await fields.input('My Text').fill('Marta Lind');
  await fields.input('My Number').fill('2 400,5');
  await fields.input('My Date').fill('2026-06-14');
  await fields.input('My Choice').selectOption('Ferry');
  await fields.input('My Checkbox').check();
  await fields.input('My JSON').fill('{"beds": [1, 2]}');
  await fields.input('My Text').focus();

  const beside = await Workspace.at(await context.newPage(), `/s/${await workspace.sessionId()}`);
  await expectAll(beside);
  await workspace.reload();
  await expectAll(workspace);
  await workspace.save();
  await expectAll(await anotherBrowser(context, await workspace.sessionId()));

  // And back to nothing.
  await fields.input('My Number').fill('');
  await fields.input('My Choice').selectOption('');
  await fields.input('My Checkbox').uncheck();
  await expect(beside.fields.input('My Number')).toHaveValue('');
  await expect(beside.fields.input('My Choice')).toHaveValue('');
  await expect(beside.fields.input('My Checkbox')).not.toBeChecked();
});

test('[CTX-11] what is half typed is kept over a reload and says what is wrong', async ({
  context,
  workspace,
}) => {
  const { fields } = workspace;
  await fields.add('Budget', 'Number');
  await workspace.page.keyboard.type('12e');
  await fields.add('Huts', 'JSON');
  await workspace.page.keyboard.type('{"beds": 4}');
  await fields.input('Huts').press('Backspace');

  const expectDrafts = async () => {
    await expect(fields.input('Budget')).toHaveValue('12e');
    await expect(fields.input('Budget')).toHaveAccessibleDescription(/^This is not a number\./);
    await expect(fields.input('Huts')).toHaveValue('{"beds": 4');
    await expect(fields.input('Huts')).toHaveAccessibleDescription(/^Line 1: something is missing/);
    for (const name of ['Budget', 'Huts']) {
      await expect(fields.input(name)).toHaveAttribute('aria-invalid', 'true');
    }
  };
  await expectDrafts();
  await workspace.reload();
  await expectDrafts();
  // Only valid values are in the session; what is half typed stays on this device.
  await workspace.save();
  const beside = await anotherBrowser(context, await workspace.sessionId());
  await expect(beside.fields.input('Budget')).toHaveValue('12');
  await expect(beside.fields.input('Huts')).toHaveValue('{\n  "beds": 4\n}');

  await fields.input('Huts').fill('{"beds": 5}');
  await fields.input('Budget').press('End');
  await fields.input('Budget').press('Backspace');
  await fields.input('Budget').pressSequentially('5');
  await fields.input('Huts').focus();
  await expect(fields.input('Budget')).not.toHaveAttribute('aria-invalid');
  await workspace.save();
  await beside.reload();
  await expect(beside.fields.input('Budget')).toHaveValue('125');
  await expect(beside.fields.input('Huts')).toHaveValue('{\n  "beds": 5\n}');
});

test('[CTX-1] a field is renamed, removed, and brought back', async ({ context, workspace }) => {
  const { fields, page } = workspace;
  await fields.add('Budget', 'Number');
  await page.keyboard.type('2400');
  const beside = await Workspace.at(await context.newPage(), `/s/${await workspace.sessionId()}`);
  await page.bringToFront();

  await fields.menu('Budget', 'Rename');
  const dialog = page.getByRole('dialog', { name: 'Rename the field' });
  await expect(dialog.getByLabel('Name')).toHaveValue('Budget');
  await dialog.getByLabel('Name').fill('Cost, EUR');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  for (const tab of [workspace, beside]) {
    await expect(tab.fields.input('Cost, EUR')).toHaveValue('2400');
    await expect(tab.fields.input('Budget')).toHaveCount(0);
  }

  // Two of one name are refused before there are two.
  await page.getByRole('button', { name: 'Add field' }).first().click();
  const form = page.getByRole('group', { name: 'Add a field' });
  await form.getByLabel('Name').fill('Cost, EUR');
  await expect(form.getByRole('status')).toHaveText('There is a field of this name.');
  await form.getByRole('button', { name: 'Cancel' }).click();
  // The name that it had is free.
  await fields.add('Budget', 'Number');
  await expect(beside.fields.input('Budget')).toHaveValue('');
  await expect(beside.fields.input('Cost, EUR')).toHaveValue('2400');
  await fields.menu('Budget', 'Rename');
  await dialog.getByLabel('Name').fill('Cost, EUR');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog.getByRole('status')).toHaveText('There is a field of this name.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await fields.menu('Cost, EUR', 'Remove field');
  for (const tab of [workspace, beside]) await expect(tab.fields.input('Cost, EUR')).toHaveCount(0);
  await workspace.notices.getByRole('button', { name: 'Undo' }).click();
  for (const tab of [workspace, beside]) await expect(tab.fields.input('Cost, EUR')).toHaveValue('2400');
});

async function expectAll({ fields }: Workspace): Promise<void> {
  await expect(fields.input('My Text')).toHaveValue('Marta Lind');
  await expect(fields.input('My Number')).toHaveValue('2400.5');
  await expect(fields.input('My Date')).toHaveValue('2026-06-14');
  await expect(fields.input('My Choice')).toHaveValue('Ferry');
  await expect(fields.input('My Checkbox')).toBeChecked();
  await expect(fields.input('My JSON')).toHaveValue('{\n  "beds": [\n    1,\n    2\n  ]\n}');
}
