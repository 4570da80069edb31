import { askToRepair, repair } from './pages/repair.ts';
import { Workspace } from './pages/workspace.ts';
import { breakForAWhile, localRecords } from './support/broken.ts';
import { plainPage } from './support/browsers.ts';
import { loseManifests } from './support/flipped.ts';
import { Journal } from './support/journal.ts';
import { expect, test } from './support/test.ts';

const simple = "This browser's database does not work";

// What storage.spec.ts shows of a database that stays broken; here it works again after a while.

for (const how of ['throws', 'fails', 'never answers'] as const) {
  test(`[CTX-3] from a database whose open ${how} for a while the journal moves back by itself`, async ({
    context,
    page,
    server,
    truth,
  }) => {
    const look = await plainPage(context);
    const mend = await breakForAWhile(page, how);
    const workspace = await Workspace.at(page);
    await expect(workspace.bars).toContainText(simple);
    const session = await workspace.sessionId();
    await workspace.type('known to the server; ');
    await workspace.save();
    await server.kill();
    await workspace.type('in the simple storage; ');
    await workspace.shows('offline', 'on_device');
    expect(await localRecords(page)).toBeGreaterThan(0);

    await mend();
    // Beside one that is silent the database is asked ever more rarely.
    await expect(workspace.bars).not.toContainText(simple, { timeout: 60_000 });
    await workspace.type('in the database');
    await workspace.shows('offline', 'on_device');
    // Complete by itself, but for what only the server had when there was no database.
    const journal = await Journal.read(look, session);
    expect(journal.records.length).toBeGreaterThan(0);
    await expect.poll(() => localRecords(page)).toBe(0);

    await server.start();
    await workspace.save();
    const whole = 'known to the server; in the simple storage; in the database';
    expect(await truth.confirm(context, session, [workspace])).toBe(whole);
  });
}

test('[CTX-3] a database that was left without its stores is made anew, and works', async ({
  context,
  page,
  server,
  truth,
}) => {
  const look = await plainPage(context);
  await look.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open('holdfast-first', 1);
        request.onsuccess = () => resolve(request.result.close());
        request.onerror = () => reject(request.error);
      }),
  );
  await page.bringToFront();
  const workspace = await Workspace.at(page);
  await expect(workspace.bars).toHaveText('');
  await server.kill();
  await workspace.type('ferry');
  await workspace.shows('offline', 'on_device');
  const session = await workspace.sessionId();
  expect((await Journal.read(look, session)).text('/notes')).toBe('ferry');
  await server.start();
  await workspace.save();
  expect(await truth.confirm(context, session, [workspace])).toBe('ferry');
});

test('[CTX-3] [CTX-4] a database that never opens again is made anew by the person, from the page', async ({
  profile,
  truth,
}) => {
  const workspace = await Workspace.at(await profile.page());
  const session = await workspace.sessionId();
  await workspace.type('with the database; ');
  await workspace.save();
  const cookies = await profile.context.cookies();
  await profile.killBrowser();
  await loseManifests(profile.folder);
  await (await profile.open()).addCookies(cookies);

  const again = new Workspace(await profile.page());
  await again.open(`/s/${session}`);
  await expect(again.notes).toHaveValue('with the database; ');
  await expect(again.bars).toContainText(simple);
  // Nothing is thrown away that is nowhere else.
  await profile.context.setOffline(true);
  await again.type('without; ');
  await askToRepair(again);
  await expect(again.notices).toContainText('Something still waits for the server');
  expect(await localRecords(again.page)).toBeGreaterThan(0);
  await profile.context.setOffline(false);
  await again.save();

  await repair(again);
  await expect(again.notes).toHaveValue('with the database; without; ');
  await again.type('and with a new one');
  await again.save();
  const text = 'with the database; without; and with a new one';
  expect(await truth.confirm(profile.context, session, [again])).toBe(text);
});
