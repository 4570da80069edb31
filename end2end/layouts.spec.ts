import { Workspace } from './pages/workspace.ts';
import { localRecords } from './support/broken.ts';
import { plainPage } from './support/browsers.ts';
import { OtherBuild, askForNextLayout } from './support/layout.ts';
import { expect, test } from './support/test.ts';

// Two builds whose databases have different layouts, open in two tabs.

const simple = "This browser's database does not work";

test('[CTX-3] [TAB-6] a page makes way for a newer layout at once, and keeps what is edited elsewhere', async ({
  workspace,
  context,
  page,
  server,
  truth,
}) => {
  const session = await workspace.sessionId();
  await workspace.type('saved; ');
  await workspace.save();
  const newer = await plainPage(context);
  await page.bringToFront();
  await server.kill();
  await workspace.type('waiting; ');
  await workspace.shows('offline', 'on_device');

  // It is open only when this page has closed its own.
  await OtherBuild.open(newer, { version: 2, polite: true });
  await workspace.type('beside the newer one');
  await expect(workspace.bars).toContainText(simple);
  await workspace.shows('offline', 'on_device');
  expect(await localRecords(page)).toBeGreaterThan(0);

  await server.start();
  await workspace.save();
  // A page of the newer build reads what this one left there, and what it left before.
  await workspace.page.close();
  const next = new Workspace(await context.newPage());
  await askForNextLayout(next.page);
  await next.open(`/s/${session}`);
  await expect(next.notes).toHaveValue('saved; waiting; beside the newer one');
  await expect(next.bars).not.toContainText(simple);
  await next.save();
  expect(await truth.confirmServer(context, session)).toBe('saved; waiting; beside the newer one');
});

test('[CTX-3] while an old tab blocks a newer layout the page keeps its work elsewhere, and moves when it is gone', async ({
  context,
  page,
  server,
  truth,
}) => {
  const old = await plainPage(context);
  const blocking = await OtherBuild.open(old, { version: 1, polite: false });
  await askForNextLayout(page);
  const workspace = await Workspace.at(page);
  await expect(workspace.bars).toContainText(simple);
  const session = await workspace.sessionId();
  await workspace.type('beside the old tab; ');
  await workspace.save();
  await server.kill();
  await workspace.type('without a server; ');
  await workspace.shows('offline', 'on_device');
  expect(await localRecords(page)).toBeGreaterThan(0);

  await blocking.leave();
  await expect(workspace.bars).not.toContainText(simple, { timeout: 20_000 });
  await workspace.type('when it is gone');
  await workspace.shows('offline', 'on_device');
  await expect.poll(() => localRecords(page)).toBe(0);
  await server.start();
  await workspace.save();
  const whole = 'beside the old tab; without a server; when it is gone';
  expect(await truth.confirm(context, session, [workspace])).toBe(whole);

  // What was asked in vain meanwhile keeps nothing open: the next build is not blocked in its turn.
  await OtherBuild.open(await plainPage(context), { version: 3, polite: true });
  // It is said with the next change that has to go elsewhere.
  await page.bringToFront();
  await workspace.type('; and on');
  await expect(workspace.bars).toContainText(simple, { timeout: 20_000 });
});
