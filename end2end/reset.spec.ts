import { Workspace } from './pages/workspace.ts';
import { expect, test } from './support/test.ts';

const text = 'The hut key is with Marta.';

test('[SESS-4] a reset says what goes, takes a snapshot first, reaches other tabs, and is undone', async ({
  context,
  workspace,
}) => {
  const { page } = workspace;
  await workspace.type(text);
  await workspace.fields.add('Budget', 'Number');
  await page.keyboard.type('2400');
  const beside = await Workspace.at(await context.newPage(), `/s/${await workspace.sessionId()}`);
  await page.bringToFront();

  const dialog = page.getByRole('dialog', { name: 'Reset “Untitled”?' });
  await workspace.menu(/^Reset/);
  await expect(dialog).toContainText('The text (6 words) and 1 field go.');
  await expect(dialog).toContainText('kept as a snapshot of yours');
  await expect(dialog.getByRole('checkbox', { name: 'Take a snapshot first' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expectFull(workspace);

  await workspace.menu(/^Reset/);
  await dialog.getByRole('button', { name: 'Take a snapshot and reset' }).click();
  for (const tab of [workspace, beside]) await expectEmpty(tab);
  await expect(workspace.notices).toContainText('Session reset');
  await workspace.notices.getByRole('button', { name: 'Undo' }).click();
  for (const tab of [workspace, beside]) await expectFull(tab);

  // Long after the notice has gone there is the snapshot.
  await workspace.menu(/^Reset/);
  await dialog.getByRole('checkbox').uncheck();
  await dialog.getByRole('button', { name: 'Reset', exact: true }).click();
  for (const tab of [workspace, beside]) await expectEmpty(tab);
  await workspace.save();
  await workspace.reload();
  await expectEmpty(workspace);
  // One of each reset: this one's was taken by itself.
  for (const name of ['Before reset', 'Automatic']) {
    await expect(workspace.snapshots.list.filter({ hasText: name })).toHaveCount(1);
  }
  // The tab beside was told, and offers the way back too.
  await beside.page.bringToFront();
  await expect(beside.notices).toContainText('This session was reset in another tab');
  await beside.notices.getByRole('button', { name: 'Undo' }).last().click();
  await beside.page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click();
  for (const tab of [workspace, beside]) await expectFull(tab);
});

test('[SESS-4] a reset without a network keeps what goes until there is one', async ({
  context,
  workspace,
}) => {
  await workspace.type(text);
  await workspace.fields.add('Budget', 'Number');
  await workspace.page.keyboard.type('2400');
  await workspace.save();
  await context.setOffline(true);
  await workspace.menu(/^Reset/);
  const dialog = workspace.page.getByRole('dialog', { name: /^Reset/ });
  await dialog.getByRole('button', { name: 'Take a snapshot and reset' }).click();
  await expectEmpty(workspace);
  await expect(workspace.snapshots.named('Before reset')).toContainText('waits for the network');

  await context.setOffline(false);
  await workspace.shows('saved');
  await expect(workspace.snapshots.named('Before reset')).not.toContainText('waits');
  await workspace.snapshots.restore('Before reset');
  await expectFull(workspace);
});

async function expectFull(workspace: Workspace): Promise<void> {
  await expect(workspace.notes).toHaveValue(text);
  await expect(workspace.fields.input('Budget')).toHaveValue('2400');
}

async function expectEmpty(workspace: Workspace): Promise<void> {
  await expect(workspace.notes).toHaveValue('');
  await expect(workspace.fields.input('Budget')).toHaveCount(0);
}
