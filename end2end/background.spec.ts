import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { sameGuest } from './support/browsers.ts';
import { rounds } from './support/rounds.ts';
import { expect, test } from './support/test.ts';

// Chromium wakes a page that nobody sees once a minute: after five minutes by itself, after seconds here. That
// is a browser's own doing and nothing of it is played.
test.use({
  features: ['IntensiveWakeUpThrottling:grace_period_seconds/2'],
  settings: { HOLDFAST_AUTOSAVE_INTERVAL_SECONDS: '5' },
});

/** 10 minutes at the full length; less than one shows no waking at all. */
const minutes = rounds(1, 10);

test(
  '[TAB-5] [TAB-3] [CTX-5] a leading tab in the background, woken once a minute, holds nobody up and loses nothing',
  { tag: '@soak' },
  async ({ person, server, truth }) => {
    test.setTimeout((minutes + 2) * 90_000);
    const { context } = person;
    const hidden = await Workspace.at(person.page, server.url);
    await hidden.type('before; ');
    await hidden.save();
    const session = await hidden.sessionId();
    const seen = await Workspace.at(await context.newPage(), `${server.url}/s/${session}`);
    await seen.page.bringToFront();
    expect(await hidden.page.evaluate(() => document.visibilityState)).toBe('hidden');
    await expect(seen.presence).toHaveCount(2);
    const wakes = await recordWakes(hidden.page);
    const hiddenAtMs = Date.now();
    const minutesHidden = () => (Date.now() - hiddenAtMs) / 60_000;

    let text = 'before; ';
    for (let minute = 1; minute <= minutes; minute += 1) {
      await seen.type(`${minute}; `);
      text += `${minute}; `;
      // By the interval alone, whoever leads.
      await seen.shows('saved');
      const other = await sameGuest(context);
      await truth.attach(other);
      const elsewhere = await Workspace.at(await other.newPage(), `/s/${session}`);
      await elsewhere.type('elsewhere; ');
      text += 'elsewhere; ';
      await elsewhere.save();
      await other.close();
      await expect(seen.notes).toHaveValue(text);
      await expect.poll(minutesHidden, { timeout: 90_000 }).toBeGreaterThan(minute);
      await expect(seen.presence, `after minute ${minute}`).toHaveCount(2);
    }
    await expect.poll(wakes, { timeout: 130_000 }).toBeGreaterThanOrEqual(minutes / 2);

    await hidden.page.bringToFront();
    await hidden.ready();
    await expect(hidden.notes).toHaveValue(text);
    await hidden.type('back');
    await expect(seen.notes).toHaveValue(`${text}back`);
    await hidden.save();
    expect(await truth.confirm(context, session, [hidden])).toBe(`${text}back`);
  },
);

/** Counts how often the page's timers were held back for longer than half a minute. */
async function recordWakes(page: Page): Promise<() => Promise<number>> {
  const wakes = await page.evaluateHandle(() => {
    const long = { count: 0 };
    let last = performance.now();
    setInterval(() => {
      if (performance.now() - last > 30_000) long.count += 1;
      last = performance.now();
    }, 1_000);
    return long;
  });
  return () => wakes.evaluate(({ count }) => count);
}
