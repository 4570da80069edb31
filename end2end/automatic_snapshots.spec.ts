import { expect, test } from './support/test.ts';

// Snapshots that nobody asked for.

const HOUR_MS = 60 * 60 * 1000;

test('[SNAP-5] an hour of changes has one snapshot; a save that changes nothing has none', async ({
  server,
  workspace,
}) => {
  await server.moveClock(0);
  const automatic = workspace.snapshots.list.filter({ hasText: 'Automatic' });
  await workspace.type('First hour.');
  await workspace.save();
  await server.moveClock(HOUR_MS + 1);
  // It says Saved already, and asks the server all the same.
  const asked = workspace.page.waitForResponse('**/fn/save_context');
  await workspace.save();
  await asked;
  await workspace.reload();
  await expect(workspace.page.getByRole('complementary').getByText('None yet')).toBeVisible();
  await expect(workspace.snapshots.list).toHaveCount(0);

  await workspace.type(' Second hour.');
  await workspace.save();
  await workspace.reload();
  await expect(automatic).toHaveCount(1);
  await workspace.type(' Still the second.');
  await workspace.save();
  await workspace.reload();
  await expect(automatic).toHaveCount(1);

  // It holds the context as it was before the hour's first change.
  await workspace.snapshots.restore('Automatic');
  await expect(workspace.notes).toHaveValue('First hour.');
});

test('[SNAP-5] what a large delete takes away is kept as a snapshot before', async ({ workspace }) => {
  const long = 'The hut key is with Marta. '.repeat(60);
  await workspace.notes.fill(long);
  await workspace.save();
  await workspace.notes.fill('');
  await workspace.save();
  await workspace.goTo('History');
  await workspace.reload();
  const before = workspace.history.named('before a large delete');
  await expect(before).toHaveAttribute('data-kind', 'automatic');
  await workspace.goTo('Notes');
  await workspace.snapshots.restore('Automatic');
  await expect(workspace.notes).toHaveValue(long);
});
