import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import { Journal } from './support/journal.ts';
import { keptSession } from './support/kept_session.ts';
import { type Point, Points } from './support/points.ts';
import type { Profile } from './support/profile.ts';
import { rounds } from './support/rounds.ts';
import { expect, test } from './support/test.ts';

// A page stands still at a point of a save, and is killed there: each point on the way of a change, one after
// the other, in the same profile and session.

// Nothing is saved before it is asked for.
test.use({ settings: { HOLDFAST_AUTOSAVE_INTERVAL_SECONDS: '600' } });

const points: Point[] = [
  'append issued',
  'append complete',
  'request sent',
  'answer held',
  'answer there',
  'save issued',
  'save complete',
  'forget issued',
  'forget complete',
  'advance issued',
  'advance complete',
];

/** 50 and more at the full length. */
const times = rounds(1, 5);

test(
  '[CTX-2] [SYNC-1] a renderer killed at every point of a save loses nothing, and nothing is there twice',
  { tag: '@soak' },
  async ({ profile, truth }) => {
    test.setTimeout(times * 120_000);
    const stop = await Points.attach(profile.context);
    let typed = '';
    let session = '';
    for (const point of Array.from({ length: times }, () => points).flat()) {
      await test.step(point, async () => {
        const { page, workspace } = await open(profile, session, typed);
        session = await workspace.sessionId();
        typed += await goTo(point, stop, workspace);
        await profile.killRenderer(page);
        const journal = await stored(profile, session);
        expect(journal.text('/notes')).toBe(typed);
        truth.expectTold(session, typed);
      });
    }
    const { workspace } = await open(profile, session, typed);
    await workspace.save();
    expect(await truth.confirm(profile.context, session, [workspace])).toBe(typed);
  },
);

test(
  '[CTX-2] [CTX-7] [SYNC-1] a browser killed at every point of a save keeps what was complete, once',
  { tag: '@soak' },
  async ({ profile, truth }) => {
    test.setTimeout(times * 180_000);
    let typed = 'known; ';
    const session = await keptSession(profile, typed);
    for (const point of Array.from({ length: times }, () => points).flat()) {
      await test.step(point, async () => {
        const stop = await Points.attach(profile.context);
        const { workspace } = await open(profile, session, typed);
        typed += await goTo(point, stop, workspace);
        await profile.killBrowser();
        await profile.open();
        const text = (await stored(profile, session)).text('/notes');
        // What was only issued may be there or not.
        if (point === 'append issued' && text === typed.slice(0, -1)) typed = text;
        expect(text).toBe(typed);
        truth.expectTold(session, typed);
      });
    }
    const { workspace } = await open(profile, session, typed);
    await workspace.save();
    expect(await truth.confirm(profile.context, session, [workspace])).toBe(typed);
  },
);

/** Types and saves up to the point, where the page stands still then; what was typed. */
async function goTo(point: Point, stop: Points, workspace: Workspace): Promise<string> {
  const { page } = workspace;
  const words = `${point}; `;
  await workspace.type(words);
  await workspace.shows('on_device');
  const stopped = await stop.stopAt(page, point);
  const isAppend = point.startsWith('append');
  // It is killed while the key is down, so to say.
  const pressing = page.keyboard.press(isAppend ? '!' : 'Control+s').catch(() => undefined);
  await stopped();
  void pressing;
  return isAppend ? `${words}!` : words;
}

/** Opens the session, at first a new one, and waits until it is saved: it has what was typed before. */
async function open(profile: Profile, session: string, typed: string) {
  const page = await profile.context.newPage();
  const workspace = await Workspace.at(page, session ? `/s/${session}` : '/');
  await expect(workspace.notes).toHaveValue(typed);
  if (typed) await workspace.save();
  return { page, workspace };
}

/** What the profile holds of a session, before any page of Holdfast runs again. */
async function stored(profile: Profile, session: string): Promise<Journal> {
  const look = await plainPage(profile.context);
  const journal = await Journal.read(look, session);
  await look.close();
  return journal;
}
