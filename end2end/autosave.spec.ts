import type { BrowserContext, Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { anotherBrowser, plainPage } from './support/browsers.ts';
import { StoppedClock } from './support/clock.ts';
import { SentRecord } from './support/requests.ts';
import { holdJournal } from './support/storage.ts';
import { expect, test } from './support/test.ts';
import { setVisible } from './support/visibility.ts';

// Most of these stop the page's clock: what is saved then was not saved by a timer.

test('[CTX-5] what waits is saved every 30 s, by itself', async ({ page, context }) => {
  const { workspace, clock, sent } = await open(page, context);
  const savedAtMs: number[] = [];
  for (const text of ['first ', 'second ', 'third ']) {
    await workspace.type(text);
    await workspace.shows('on_device');
    const before = sent.saves.length;
    for (let waitedMs = 0; (await state(workspace)) !== 'saved'; waitedMs += 1_000) {
      expect(waitedMs, 'waited for the interval').toBeLessThan(31_000);
      await clock.run(1_000);
      await answered(sent);
    }
    savedAtMs.push(sent.saves[before]?.atMs ?? 0);
    // A pull follows, which would take along what is typed now.
    await clock.run(2_000);
    await answered(sent);
  }
  const [, second = 0, third = 0] = savedAtMs;
  expect(Math.abs(third - second - 30_000)).toBeLessThan(100);
});

test.describe('with another interval', () => {
  test.use({ settings: { HOLDFAST_AUTOSAVE_INTERVAL_SECONDS: '5' } });

  test('[CTX-5] the interval is a setting', async ({ workspace, saves }) => {
    await workspace.type('.');
    await workspace.save();
    for (const text of ['first ', 'second ', 'third ']) {
      const before = saves.changes.length;
      await workspace.type(text);
      const typedAtMs = Date.now();
      await workspace.shows('saved');
      await expect.poll(() => saves.changes.length).toBeGreaterThan(before);
      // When it was sent: how long the answer takes is the machine's.
      const sentAtMs = saves.changes.at(-1)?.sent.atMs ?? Infinity;
      expect(sentAtMs - typedAtMs).toBeLessThan(6_500);
    }
  });
});

const occasions: Record<string, (workspace: Workspace, context: BrowserContext) => Promise<void>> = {
  'the person asks': async ({ page }) => page.keyboard.press('Control+s'),
  'a snapshot is taken': async ({ snapshots }) => snapshots.take(),
  'a snapshot is restored': async ({ snapshots }) => snapshots.restore(),
  'the session is reset': async (workspace) => {
    await workspace.menu(/^Reset session/);
    await workspace.page.getByRole('button', { name: 'Take a snapshot and reset' }).click();
  },
  'the session is completed': async ({ sessions }) => sessions.menu('Untitled', 'Complete'),
  'the network is back': async (workspace, context) => {
    await context.setOffline(true);
    await workspace.shows('offline');
    await context.setOffline(false);
  },
  'the tab is hidden': async ({ page }) => setVisible(page, false),
  'the tab is shown': async ({ page }) => setVisible(page, true),
  'the window gets the focus': async ({ page }) => {
    await page.evaluate(() => dispatchEvent(new Event('focus')));
  },
};

for (const [occasion, act] of Object.entries(occasions)) {
  test(`[CTX-5] it is saved at once when ${occasion}`, async ({ page, context }) => {
    const { workspace, sent, clock } = await open(page, context);
    await workspace.snapshots.take();
    await workspace.shows('saved');
    await answered(sent);
    await workspace.type('typed now');
    await workspace.shows('on_device');
    const [before, stoppedAtMs] = [sent.saves.length, await clock.now()];
    await act(workspace, context);
    await workspace.shows('saved');
    expect(sent.saves.length).toBeGreaterThan(before);
    expect(await clock.now()).toBe(stoppedAtMs);
    if (occasion === 'the tab is hidden') expect(sent.saves[before]?.keepalive).toBe(true);
  });
}

test('[CTX-6] it is saved when the page is left, though nobody waits for the answer', async ({
  page,
  context,
}) => {
  const { workspace } = await open(page, context);
  const session = await workspace.sessionId();
  await workspace.type('typed, and away');
  await page.goto('/healthz');
  const other = await anotherBrowser(context, session);
  // It may be here before the answer that nobody waited for; then its own timer brings it.
  await expect(other.notes).toHaveValue('typed, and away', { timeout: 45_000 });
});

test('[CTX-5] coming back to the page brings what another browser saved', async ({ page, context }) => {
  const { workspace } = await open(page, context);
  await workspace.type('here; ');
  await page.keyboard.press('Control+s');
  await workspace.shows('saved');
  const other = await anotherBrowser(context, await workspace.sessionId());
  for (const [text, back] of [
    ['there; ', async () => setVisible(page, true)],
    ['and there', async () => page.evaluate(() => void dispatchEvent(new Event('focus')))],
  ] as const) {
    await other.type(text);
    await other.save();
    await back();
    await expect(workspace.notes).toHaveValue(new RegExp(`${text}$`));
  }
});

test('[CTX-5] [SYNC-3] failures back off with jitter, up to 30 s, and never interrupt', async ({
  page,
  context,
}) => {
  const { workspace, sent, clock } = await open(page, context);
  const answer = { status: 503, contentType: 'application/json', body: '{"code":"unavailable"}' };
  // What a timer had begun, and the page sends only now, is a try as well.
  const first = sent.saves.length;
  await page.route('**/fn/save_context', (route) => route.fulfill(answer));
  await workspace.type('typed before; ');
  await page.keyboard.press('Control+s');
  await workspace.shows('offline');
  await expect(workspace.notes).toBeFocused();
  await answered(sent);
  while (sent.saves.length < first + 9) {
    await clock.run(200);
    await answered(sent);
  }
  const triedAtMs = sent.saves.slice(first).map(({ atMs }) => atMs);
  const waitsMs = triedAtMs.slice(1).map((atMs, at) => atMs - (triedAtMs[at] ?? 0));
  const longest = [1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1_000);
  for (const [at, waitMs] of waitsMs.entries()) {
    expect(waitMs, `wait ${at}: ${waitsMs.join(', ')}`).toBeLessThanOrEqual((longest[at] ?? 0) + 500);
  }
  // Full jitter: all of them close to the longest would be no jitter at all.
  expect(waitsMs.some((waitMs, at) => waitMs < 0.9 * (longest[at] ?? 0))).toBe(true);
  expect(Math.max(...waitsMs)).toBeGreaterThan(2_000);

  await page.keyboard.type('and while it fails');
  await expect(workspace.notes).toHaveValue('typed before; and while it fails');
  await expect(workspace.notes).toBeFocused();
  await page.unrouteAll({ behavior: 'wait' });
  for (let waitedMs = 0; (await state(workspace)) !== 'saved'; waitedMs += 1_000) {
    expect(waitedMs, 'waited for the next try').toBeLessThan(31_000);
    await clock.run(1_000);
    await answered(sent);
  }
});

test('[CTX-5] a server that asks for patience gets it, whoever asks meanwhile', async ({ page, context }) => {
  const { workspace, sent, clock } = await open(page, context);
  const body = '{"code":"rate_limited","retry_after_ms":20000}';
  const answer = { status: 429, contentType: 'application/json', body };
  await page.route('**/fn/save_context', (route) => route.fulfill(answer), { times: 1 });
  await workspace.type('typed now');
  const before = sent.saves.length;
  await page.keyboard.press('Control+s');
  await expect.poll(() => sent.saves.length).toBeGreaterThan(before);
  await answered(sent);
  const asked = sent.saves.length;
  await clock.run(19_000);
  await page.keyboard.press('Control+s');
  await clock.run(500);
  expect(sent.saves).toHaveLength(asked);
  await clock.run(30_000);
  await workspace.shows('saved');
});

test('[CTX-5] [SYNC-3] with the server killed work goes on, and is saved when it is back', async ({
  workspace,
  server,
}) => {
  await workspace.type('before; ');
  await workspace.save();
  await server.kill();
  await workspace.type('while it is down; ');
  await workspace.page.keyboard.press('Control+s');
  await workspace.shows('offline');
  await expect(workspace.bars).toContainText('Offline - everything is kept on this device');
  // Who cannot see it hears it.
  await expect(workspace.announced).toHaveText(/^Offline/);
  await workspace.type('and on');
  await server.start();
  await expect(workspace.indicator).toHaveAttribute('data-state', 'saved', { timeout: 40_000 });
  await expect(workspace.bars).not.toContainText('Offline');
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('before; while it is down; and on');
});

/** A page whose clock stands still, its session known to the server. */
async function open(page: Page, context: BrowserContext) {
  const clock = await StoppedClock.install(page);
  const sent = new SentRecord();
  await sent.attach(context);
  const workspace = await Workspace.at(page);
  await workspace.type('.');
  await workspace.save();
  await workspace.notes.fill('');
  await workspace.save();
  await clock.stop();
  // What a timer began in its last second is over.
  await answered(sent);
  return { workspace, clock, sent };
}

async function state(workspace: Workspace): Promise<string | null> {
  return workspace.indicator.getAttribute('data-state');
}

/** Waits until the page has the answer to everything it sent. */
async function answered(sent: SentRecord): Promise<void> {
  await expect.poll(() => sent.answered).toBe(true);
}

test('[CTX-5] asked for while the session is still read, everything is saved when it was', async ({
  workspace,
  context,
}) => {
  const { page, notes } = workspace;
  await workspace.type('kept; ');
  await workspace.save();
  const look = await plainPage(context);
  const letGo = await holdJournal(look);
  // Without time, no journal is given up because it does not answer.
  const clock = await StoppedClock.install(page);
  await clock.stop();
  await page.reload();
  // The program runs: the list is its own.
  await workspace.sessions.link('Untitled').waitFor();
  await notes.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('typed early');
  expect(await page.locator('.shell').getAttribute('data-ready')).toBe('false');
  await page.keyboard.press('Control+s');
  await letGo();
  await clock.go();
  // Long before the interval's end.
  await workspace.ready();
  await expect(workspace.indicator).toHaveAttribute('data-state', 'saved', { timeout: 5_000 });
  const other = await anotherBrowser(context, await workspace.sessionId());
  await expect(other.notes).toHaveValue(/typed early/);
});
