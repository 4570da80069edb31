import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import { putRecord, storedRecord } from './support/foreign.ts';
import { Journal } from './support/journal.ts';
import { keptSession } from './support/kept_session.ts';
import { Points } from './support/points.ts';
import { rounds } from './support/rounds.ts';
import { expect, test } from './support/test.ts';

// Many saved updates become one base. Here each character is an update, and 500 are enough.

// Nothing is saved, and so nothing compacted, before all of it is typed.
test.use({ settings: { HOLDFAST_AUTOSAVE_INTERVAL_SECONDS: '600' } });

const line = 'ferry to Moskenes at 15:00, bring the small stove; ';
const long = line.repeat(11);

test('[CTX-4] many saved changes become one base, and nothing is lost meanwhile', async ({
  workspace,
  context,
}) => {
  const session = await workspace.sessionId();
  const look = await plainPage(context);
  await workspace.page.bringToFront();
  // What another build wrote: nobody here can read it, and nobody may take it away.
  const foreign = Uint8Array.from([0x48, 0x46, 9, 0, ...Buffer.from('of a build that is not there yet')]);
  await putRecord(look, session, foreign);

  await workspace.type(long);
  await workspace.save();
  // It may come before, between or after these looks: it takes all that is saved.
  let typed = long;
  await expect
    .poll(
      async () => {
        await workspace.type('.');
        typed += '.';
        return (await Journal.read(look, session)).bases.length;
      },
      { timeout: 30_000 },
    )
    .toBe(1);
  const journal = await Journal.read(look, session);
  expect(journal.saved.length).toBeLessThan(500);
  expect(journal.text('/notes')).toBe(typed);
  expect(await storedRecord(look, session)).toEqual(foreign);

  await workspace.reload();
  await expect(workspace.notes).toHaveValue(typed);
  await workspace.save();
  expect(await storedRecord(look, session), 'after a reload and a save').toEqual(foreign);
});

test('[CTX-4] [CTX-2] a page killed while its journal is compacted loses nothing', async ({ profile }) => {
  const page = await profile.context.newPage();
  let killed: Promise<void> | undefined;
  await page.exposeBinding('holdfastCompacts', () => {
    killed ??= profile.killRenderer(page);
  });
  await page.addInitScript(() => {
    const { transaction: make } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const made = make.call(this, stores, mode, options);
      const tell = (globalThis as unknown as { holdfastCompacts(): Promise<void> }).holdfastCompacts;
      if (mode === 'readwrite' && made.objectStoreNames.contains('bases')) void tell();
      return made;
    };
  });
  const workspace = await Workspace.at(page);
  const session = await workspace.sessionId();
  await workspace.type(long);
  // It is killed as soon as the server has it all, perhaps before it says so.
  const saving = page.keyboard.press('Control+s').catch(() => undefined);
  await expect.poll(() => killed !== undefined, { timeout: 30_000 }).toBe(true);
  await Promise.all([saving, killed]);

  const look = await plainPage(profile.context);
  expect((await Journal.read(look, session)).text('/notes')).toBe(long);
  const again = await Workspace.at(await profile.context.newPage(), `/s/${session}`);
  await expect(again.notes).toHaveValue(long);
});

for (const point of ['compact issued', 'compact complete'] as const) {
  test(
    `[CTX-4] [CTX-2] a browser killed at "${point}" of its journal loses nothing, and nothing is there twice`,
    { tag: '@soak' },
    async ({ profile, truth }) => {
      const times = rounds(1, 10);
      test.setTimeout(times * 60_000);
      let typed = 'known; ';
      const session = await keptSession(profile, typed);
      for (let round = 1; round <= times; round += 1) {
        const stop = await Points.attach(profile.context);
        const page = await profile.context.newPage();
        const workspace = await Workspace.at(page, `/s/${session}`);
        await expect(workspace.notes).toHaveValue(typed);
        await workspace.type(long);
        typed += long;
        const stopped = await stop.stopAt(page, point);
        const saving = page.keyboard.press('Control+s').catch(() => undefined);
        await stopped();
        await profile.killBrowser();
        await saving;
        await profile.open();
        const look = await plainPage(profile.context);
        expect((await Journal.read(look, session)).text('/notes')).toBe(typed);
        await look.close();
      }
      const workspace = await Workspace.at(await profile.context.newPage(), `/s/${session}`);
      await workspace.save();
      expect(await truth.confirm(profile.context, session, [workspace])).toBe(typed);
    },
  );
}
