import { Workspace } from './pages/workspace.ts';
import { expect, test } from './support/test.ts';

test('[CTX-4] the browser is asked once not to evict what is kept, and not again', async ({
  context,
  page,
}) => {
  let asked = 0;
  await context.exposeBinding('holdfastAsked', () => {
    asked += 1;
  });
  await context.addInitScript(() => {
    const persist = StorageManager.prototype.persist;
    StorageManager.prototype.persist = function () {
      void (globalThis as unknown as { holdfastAsked(): Promise<void> }).holdfastAsked();
      return persist.call(this);
    };
  });
  const workspace = await Workspace.at(page);
  await workspace.type('First');
  await workspace.save();
  await expect.poll(() => asked).toBe(1);

  const beside = new Workspace(await context.newPage());
  await workspace.reload();
  for (const tab of [workspace, beside]) {
    await tab.open('/');
    await tab.type(', and on');
    await tab.save();
  }
  expect(asked).toBe(1);
});
