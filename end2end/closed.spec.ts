import { Workspace } from './pages/workspace.ts';
import { clearDatabases } from './support/broken.ts';
import { expect, test } from './support/test.ts';

const simple = "This browser's database does not work";

test('[CTX-3] a database that the browser closes under the page, time and again, is opened again and nothing is missing', async ({
  profile,
  server,
  truth,
}) => {
  const page = await profile.page();
  await page.addInitScript(() => {
    const make = IDBDatabase.prototype.transaction;
    const seen = new WeakSet<IDBDatabase>();
    Object.assign(globalThis, { holdfastClosed: 0 });
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      if (!seen.has(this)) {
        seen.add(this);
        this.addEventListener('close', () => {
          (globalThis as unknown as { holdfastClosed: number }).holdfastClosed += 1;
        });
      }
      return make.call(this, stores, mode, options);
    };
  });
  const closed = () =>
    page.evaluate(() => (globalThis as unknown as { holdfastClosed: number }).holdfastClosed);
  const workspace = await Workspace.at(page);
  const session = await workspace.sessionId();
  await workspace.type('saved; ');
  await workspace.save();
  await server.kill();
  await workspace.type('waiting; ');
  await workspace.shows('offline', 'on_device');

  let whole = 'saved; waiting; ';
  for (let time = 1; time <= 3; time += 1) {
    await clearDatabases(page);
    await expect.poll(closed).toBe(time);
    const part = `after crash ${time}; `;
    await workspace.type(part);
    whole += part;
    await workspace.shows('offline', 'on_device');
    await expect(workspace.bars).not.toContainText(simple, { timeout: 20_000 });
    await workspace.shows('offline', 'on_device');
  }

  await server.start();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue(whole);
  await workspace.save();
  expect(await truth.confirm(profile.context, session, [workspace])).toBe(whole);
});
