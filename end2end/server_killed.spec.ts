import { Workspace } from './pages/workspace.ts';
import { chance } from './support/flipped.ts';
import { rounds } from './support/rounds.ts';
import { expect, test } from './support/test.ts';

// What two hundred kills do to fifty clients is in the server's own tests; this is what the person sees of them.

const kills = rounds(6, 60);
test(
  `[SYNC-1] [CTX-7] a server that is killed ${kills} times while two tabs type loses nothing it acknowledged`,
  { tag: '@soak' },
  async ({ workspace, context, server, saves, truth }) => {
    test.setTimeout(rounds(120_000, 900_000));
    const session = await workspace.sessionId();
    await workspace.type('begun; ');
    await workspace.save();
    const beside = await Workspace.at(await context.newPage(), `/s/${session}`);
    let [typed, over] = ['begun; '.length, false];
    const typing = [workspace, beside].map(async (tab, number) => {
      for (let word = 0; !over; word += 1) {
        const text = `${'ab'[number]}${word}; `;
        await tab.type(text);
        await tab.page.keyboard.press('Control+s');
        typed += text.length;
      }
    });
    const next = chance(kills);
    for (let kill = 0; kill < kills; kill += 1) {
      const acknowledged = saves.changes.length;
      await expect.poll(() => saves.changes.length, 'it saves again').toBeGreaterThan(acknowledged);
      await context.waitForEvent('request', (request) => request.url().endsWith('/fn/save_context'));
      // Before, in or after the commit: wherever it is by then.
      await new Promise((resolve) => setTimeout(resolve, next() * 8));
      await server.restart();
    }
    over = true;
    await Promise.all(typing);
    for (const tab of [workspace, beside]) await tab.save();
    const text = await truth.confirm(context, session, [workspace, beside]);
    expect(text).toHaveLength(typed);
  },
);
