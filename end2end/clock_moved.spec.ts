import { Workspace } from './pages/workspace.ts';
import { anotherBrowser } from './support/browsers.ts';
import { moveBrowserClock, setBrowserClock } from './support/moved_clock.ts';
import { expect, test } from './support/test.ts';

// A device whose clock is wrong: no clock decides what is newer, and none what is kept.

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_MS = 365 * DAY_MS;

const offsets = {
  'a day ahead': DAY_MS,
  'a day behind': -DAY_MS,
  'ten years ahead': 10 * YEAR_MS,
  'ten years behind': -10 * YEAR_MS,
};

for (const [name, offsetMs] of Object.entries(offsets)) {
  test(`[CTX-1] [SYNC-1] [SYNC-6] ${name}, a browser saves and merges as any other`, async ({
    page,
    context,
    truth,
  }) => {
    await moveBrowserClock(context, offsetMs);
    const workspace = await Workspace.at(page);
    const session = await workspace.sessionId();
    await workspace.type('here; ');
    await workspace.fields.add('Seats', 'Number');
    await page.keyboard.type('2');
    await workspace.snapshots.take();
    await workspace.save();

    // What is written later counts, whatever time it was for the one who wrote first.
    const right = await anotherBrowser(context, session, truth);
    await expect(right.fields.input('Seats')).toHaveValue('2');
    await right.fields.input('Seats').fill('3');
    await right.type('there; ');
    await right.save();
    await page.bringToFront();
    await page.evaluate(() => void dispatchEvent(new Event('focus')));
    await expect(workspace.fields.input('Seats')).toHaveValue('3');
    await workspace.fields.input('Seats').fill('4');
    await workspace.type('and here');
    await workspace.save();
    await workspace.reload();
    await expect(workspace.notes).toHaveValue('here; there; and here');
    await expect(workspace.fields.input('Seats')).toHaveValue('4');
    await expect(workspace.snapshots.list).toHaveCount(1);

    expect(await truth.confirm(context, session, [workspace])).toBe('here; there; and here');
  });
}

test.describe('saved every 5 s', () => {
  test.use({ settings: { HOLDFAST_AUTOSAVE_INTERVAL_SECONDS: '5' } });

  for (const [name, offsetMs] of Object.entries(offsets)) {
    test(`[CTX-5] a clock that is set ${name} while the page runs keeps nothing from being saved`, async ({
      page,
      context,
      server,
      saves,
      truth,
    }) => {
      await moveBrowserClock(context, 0);
      const workspace = await Workspace.at(page);
      await workspace.type('before; ');
      await workspace.save();
      await setBrowserClock(page, offsetMs);
      // By its own timer.
      const before = saves.acknowledged.length;
      await workspace.type('after; ');
      await expect.poll(() => saves.acknowledged.length).toBeGreaterThan(before);
      await workspace.shows('saved');

      // A try that waits while the clock is set is not put off for so long.
      await server.kill();
      await workspace.type('and while the server was gone');
      await page.keyboard.press('Control+s');
      await workspace.shows('offline');
      await setBrowserClock(page, 0);
      await server.start();
      await expect(workspace.indicator).toHaveAttribute('data-state', 'saved', { timeout: 40_000 });
      const text = await truth.confirm(context, await workspace.sessionId(), [workspace]);
      expect(text).toBe('before; after; and while the server was gone');
    });
  }
});

test('[SEC-1] [CTX-2] whatever the clock of the server says, a guest stays who it is', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  await workspace.type('mine; ');
  await workspace.save();
  const session = await workspace.sessionId();
  let text = 'mine; ';
  for (const offsetMs of [DAY_MS, 31 * DAY_MS, 10 * YEAR_MS, -10 * YEAR_MS, 0]) {
    await server.moveClock(offsetMs);
    await workspace.open('/');
    expect(await workspace.sessionId()).toBe(session);
    await expect(workspace.notes).toHaveValue(text);
    await workspace.type('on; ');
    text += 'on; ';
    await workspace.save();
  }
  expect(await truth.confirm(context, session, [workspace])).toBe(text);
});
