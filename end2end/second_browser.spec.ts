import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { sameGuest } from './support/browsers.ts';
import { neverAfter } from './support/clock.ts';
import { SentRecord } from './support/requests.ts';
import { SaveRecord } from './support/saves.ts';
import { expect, test } from './support/test.ts';

// A second device: another browser of the same guest. It shares nothing with the first one but the server.

const DAY_MS = 24 * 60 * 60 * 1000;

test('[SYNC-3] [CTX-5] a second browser sees an edit within 31 s, by the timers alone', async ({
  context,
  page,
  saves,
}) => {
  test.setTimeout(150_000);
  const here = new SentRecord();
  await here.attach(context);
  const workspace = await Workspace.at(page);
  await workspace.type('Ferry at 15:00');
  await workspace.save();
  const { second, there } = await openedElsewhere(workspace);

  // Just after the timer by which both look for news, at the same moment: the worst one for an edit.
  const looks = here.saves.length;
  await expect.poll(() => here.saves.length, { timeout: 35_000 }).toBeGreaterThan(looks);
  await expect.poll(() => here.answered).toBe(true);
  const look = here.saves.length;
  await workspace.type(', stove');
  await expect(second.notes).toHaveValue('Ferry at 15:00, stove', { timeout: 31_000 });

  // Nothing hurried: what it had was not sent before the timer said so.
  const [before, after] = here.saves.slice(look - 1);
  expect((after?.atMs ?? 0) - (before?.atMs ?? 0)).toBeGreaterThan(25_000);
  for (const { answered } of [saves, there]) {
    expect(answered.map(({ outcome }) => outcome)).not.toContain('refused');
  }
});

test('[SYNC-3] days without a network merge with what was done elsewhere', async ({
  page,
  saves,
  server,
}) => {
  await page.clock.install();
  const workspace = await Workspace.at(page);
  await workspace.type('Day 1: train.\nDay 2: .\nDay 3: .\n');
  await workspace.save();
  const { second } = await openedElsewhere(workspace);

  await page.context().setOffline(true);
  for (const [day, text] of [
    [2, 'ferry'],
    [3, 'hike'],
  ] as const) {
    await page.clock.fastForward(DAY_MS);
    await insert(workspace, `Day ${day}: `, text);
    await workspace.shows('offline');
  }
  // It went on trying, with pauses that grow, and each of them failed.
  await expect.poll(() => saves.failedAtMs.length).toBeGreaterThan(1);
  await expect(workspace.bars).toContainText('everything is kept on this device');

  await server.moveClock(2 * DAY_MS);
  await insert(second, 'Day 1: train', ' at nine');
  await second.fields.add('Budget', 'Number');
  await second.fields.input('Budget').fill('2400');
  await second.save();

  await page.context().setOffline(false);
  const merged = 'Day 1: train at nine.\nDay 2: ferry.\nDay 3: hike.\n';
  await expect(workspace.notes).toHaveValue(merged);
  await expect(workspace.fields.input('Budget')).toHaveValue('2400');
  await workspace.shows('saved');
  await second.save();
  await expect(second.notes).toHaveValue(merged, { timeout: 35_000 });
  // What came together stays together.
  await workspace.reload();
  await expect(workspace.notes).toHaveValue(merged);
});

test('[CTX-8] what is typed in a browser that has nothing yet joins what the server has', async ({
  workspace,
}) => {
  const { tabs, answer } = await openingElsewhere(workspace, 1);
  for (const tab of tabs) await tab.type('stove');
  answer();
  for (const tab of tabs) {
    await tab.ready();
    await expect(tab.notes).toHaveValue('ferry, stove');
    await tab.save();
  }
  await workspace.page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect(workspace.notes).toHaveValue('ferry, stove');
});

test('[CTX-8] [TAB-2] two tabs of a browser that has nothing yet both wait for what the server has', async ({
  workspace,
}) => {
  const { tabs, answer } = await openingElsewhere(workspace, 2);
  for (const [at, tab] of tabs.entries()) await tab.type(['stove, ', 'lamp, '][at] ?? '');
  answer();
  for (const tab of tabs) {
    await tab.ready();
    await expect(tab.notes).toHaveValue(/^ferry, (stove, lamp, |lamp, stove, )$/);
  }
});

/**
 * Tabs that open a session with the text `ferry, ` in another browser of the same guest, and get nothing of it
 * before `answer`.
 */
async function openingElsewhere(workspace: Workspace, number: number) {
  await workspace.type('ferry, ');
  await workspace.save();
  const path = `/s/${await workspace.sessionId()}`;
  const context = await sameGuest(workspace.page.context());
  // However slow the typing is: they would wait for 3 s only.
  await neverAfter(context, 3_000);
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const tabs: Workspace[] = [];
  for (let at = 0; at < number; at += 1) {
    const page = await context.newPage();
    let asked = 0;
    await page.route('**/fn/save_context', async (route) => {
      asked += 1;
      await answered;
      await route.continue();
    });
    await page.goto(path);
    // The first one leads.
    if (at === 0) await expect.poll(() => asked).toBeGreaterThan(0);
    // It has read its journal when it asks for the lead.
    await expect.poll(() => seeking(page)).toBe(at + 1);
    tabs.push(new Workspace(page));
  }
  return { tabs, answer };
}

/** How many tabs have the lead or wait for it. */
function seeking(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].filter(({ name }) => name?.startsWith('holdfast.lead.')).length;
  });
}

/** The same session, open in another browser of the same guest; `there`: what that one asked. */
async function openedElsewhere(workspace: Workspace) {
  const context = await sameGuest(workspace.page.context());
  const there = new SaveRecord();
  there.attach(context);
  const second = await Workspace.at(await context.newPage(), `/s/${await workspace.sessionId()}`);
  await expect(second.notes).toHaveValue(await workspace.notes.inputValue());
  return { second, there };
}

/** Types `text` where `before` ends. */
async function insert(workspace: Workspace, before: string, text: string): Promise<void> {
  const at = (await workspace.notes.inputValue()).indexOf(before) + before.length;
  await workspace.notes.focus();
  await workspace.notes.evaluate((area: HTMLTextAreaElement, at) => area.setSelectionRange(at, at), at);
  await workspace.page.keyboard.type(text);
}
