import { Workspace } from './pages/workspace.ts';
import { sameGuest } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

test('[SESS-3] [SNAP-2] sessions made offline, named, edited and with snapshots, are all on the server later, once', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  const names = ['Lofoten', 'Garden', 'Tax', 'Book'];
  const ids = new Map<string, string>();
  await workspace.type('before; ');
  await workspace.save();
  await server.kill();
  for (const name of names) {
    await workspace.sessions.create();
    await expect(workspace.notes).toHaveValue('');
    ids.set(name, await workspace.sessionId());
    await workspace.name.fill(`${name} at first`);
    await workspace.name.press('Enter');
    await workspace.type(`${name}: one; `);
    await workspace.snapshots.take();
    await workspace.name.fill(name);
    await workspace.name.press('Enter');
    await workspace.type('two; ');
    await workspace.shows('offline');
    await expect(workspace.sessions.link(name)).toBeVisible();
  }
  await server.start();

  const other = new Workspace(await (await sameGuest(context)).newPage());
  await expect(async () => {
    await other.open('/');
    await expect(other.sessions.list.getByRole('listitem')).toHaveCount(names.length + 1, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  for (const name of names) {
    await expect(other.sessions.link(name)).toHaveCount(1);
    await other.open(`/s/${ids.get(name) ?? ''}`);
    await expect(other.name).toHaveValue(name);
    await expect(other.notes).toHaveValue(`${name}: one; two; `);
    expect(await truth.confirmServer(context, ids.get(name) ?? '')).toBe(`${name}: one; two; `);
    await other.snapshots.restore();
    await expect(other.notes).toHaveValue(`${name}: one; `);
  }
  await expect(workspace.sessions.list.getByRole('listitem')).toHaveCount(names.length + 1);
});
