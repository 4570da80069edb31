import { repair } from './pages/repair.ts';
import { Workspace } from './pages/workspace.ts';
import { flipBytes } from './support/flipped.ts';
import type { Profile } from './support/profile.ts';
import { rounds } from './support/rounds.ts';
import { expect, test } from './support/test.ts';

const simple = "This browser's database does not work";

test(
  '[CTX-3] [CTX-4] whatever bytes flip in the profile, the page opens with all the server has, and saves',
  { tag: '@soak' },
  async ({ profile, truth }) => {
    test.setTimeout(rounds(90_000, 1_200_000));
    let session = '';
    let saved = '';
    for (let seed = 0; seed <= rounds(4, 80); seed += 1) {
      const page = await profile.page();
      const workspace = new Workspace(page);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await workspace.open(session === '' ? '/' : `/s/${session}`);
      session = await workspace.sessionId();

      // All that was acknowledged. What was not and is damaged is said, or comes back.
      // A journal that can be read in part is shown before the server has answered.
      const opened = () => workspace.notes.inputValue();
      const begins = async () => (await opened()).slice(0, saved.length);
      await expect.poll(begins, `seed ${seed}: how the text begins`).toBe(saved);
      await workspace.type(`${seed}: ferry; `);
      await workspace.save();
      saved = await workspace.notes.inputValue();
      expect(errors, `seed ${seed}: errors that the page did not handle`).toEqual([]);
      // What the bytes were of which others are now, nobody knows any more.
      const log = await truth.confirmSaved(profile.context, session);
      expect(log.text('/notes')).toBe(saved);
      // Some flips make a database that this browser never opens again.
      if ((await workspace.bars.innerText()).includes(simple)) await repair(workspace);
      expect(await workspace.notes.inputValue()).toBe(saved);
      await damage(workspace, profile, seed);
    }
  },
);

/** Leaves something unsaved, kills the browser, and opens it on what a failing disk made of its databases. */
async function damage(workspace: Workspace, profile: Profile, seed: number): Promise<void> {
  await profile.context.setOffline(true);
  await workspace.type(`${seed}: waiting; `);
  await workspace.shows('offline', 'on_device');
  await reopen(profile, async () => {
    const files = await flipBytes(profile.folder, seed, 1 + (seed % 3) * 40);
    expect(files.length, 'files that are not what they were').toBeGreaterThan(0);
  });
}

async function reopen(profile: Profile, meanwhile: () => Promise<unknown>): Promise<void> {
  // A browser writes its cookies only after some seconds.
  const cookies = await profile.context.cookies();
  await profile.killBrowser();
  await meanwhile();
  await (await profile.open()).addCookies(cookies);
}
