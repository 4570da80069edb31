import type { BrowserContext } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { anotherBrowser, withoutEvents } from './support/browsers.ts';
import { Channel } from './support/channel.ts';
import { StoppedClock } from './support/clock.ts';
import { Journal } from './support/journal.ts';
import { recordLeads } from './support/leads.ts';
import { expect, test } from './support/test.ts';

// What is in one tab only, and by which way it comes to the others, is decided here and not by the interval.
test.use({ settings: { HOLDFAST_AUTOSAVE_INTERVAL_SECONDS: '600' } });

test('[TAB-1] [CTX-1] two tabs, offline and apart: both make the same objects and the same text, and keep both', async ({
  context,
  server,
}) => {
  const channel = await Channel.attach(context);
  const one = await open(context);
  const clock = await StoppedClock.install(one.page);
  await one.reload();
  const session = await one.sessionId();
  const two = await open(context, session);
  // The interval's moment may be any, and at it the leader looks into the journal, where the other's work is.
  await clock.hold();
  await server.kill();
  await channel.hold();

  // `/fields` and `/fields/budget` come into being in both, and so does the text.
  await one.fields.add('Budget', 'Number');
  await one.fields.input('Budget').fill('2400');
  await one.type('From the first tab. ');
  await two.fields.add('Budget', 'Number');
  await two.fields.add('Start', 'Date');
  await two.fields.input('Start').fill('2026-06-14');
  await two.type('From the second tab. ');
  await expect(one.fields.input('Start')).toHaveCount(0);
  await expect(two.fields.input('Budget')).toHaveValue('');
  for (const tab of [one, two]) await tab.shows('offline', 'on_device');

  await channel.release();
  for (const tab of [one, two]) {
    await expect(tab.fields.input('Budget')).toHaveValue('2400');
    await expect(tab.fields.input('Start')).toHaveValue('2026-06-14');
    await expect(tab.notes).toHaveValue(/From the first tab\. /);
    await expect(tab.notes).toHaveValue(/From the second tab\. /);
  }
  const together = await one.notes.inputValue();
  expect(together).toHaveLength('From the first tab. From the second tab. '.length);
  await expect(two.notes).toHaveValue(together);

  await clock.go();
  await server.start();
  await one.save();
  await two.shows('saved');
  const journal = await Journal.read(one.page, session);
  expect(journal.text('/notes')).toBe(together);
  expect(journal.value('/fields/budget/value')).toBe(2400);
  expect(journal.value('/fields/start/value')).toBe('2026-06-14');
});

test('[TAB-1] two tabs type into the same text at the same time, and every letter is in both', async ({
  context,
  server,
}) => {
  const one = await open(context);
  const two = await open(context, await one.sessionId());
  await one.type('|');
  await expect(two.notes).toHaveValue('|');
  await server.kill();
  // One at the beginning, one at the end: each has to keep its caret while the other types.
  const before = 'in the first tab, letter by letter, ';
  const after = ' in the second one, letter by letter';
  await one.notes.press('Control+Home');
  await two.notes.press('Control+End');
  await Promise.all([
    one.page.keyboard.type(before, { delay: 7 }),
    two.page.keyboard.type(after, { delay: 11 }),
  ]);
  for (const tab of [one, two]) await expect(tab.notes).toHaveValue(`${before}|${after}`);
});

test('[TAB-2] a tab that loads while another types erases nothing and has everything', async ({
  context,
}) => {
  const one = await open(context);
  const session = await one.sessionId();
  await one.type('here before; ');

  const page = await context.newPage();
  const two = new Workspace(page);
  const sentence = 'typed while the other one loads, reads its journal and greets; ';
  let typed = 'here before; ';
  let loaded = false;
  const loading = two.open(`/s/${session}`).then(() => (loaded = true));
  for (let at = 0; at < sentence.length || !loaded; at += 1) {
    const letter = sentence[at % sentence.length] ?? '';
    await one.page.keyboard.type(letter);
    typed += letter;
  }
  await loading;
  for (const tab of [one, two]) await expect(tab.notes).toHaveValue(typed);
  await two.type('and on.');
  for (const tab of [one, two]) await expect(tab.notes).toHaveValue(`${typed}and on.`);
});

test('[TAB-3] open tabs are listed with label, place and what they edit; a duplicate gets its own id', async ({
  context,
}) => {
  const one = await open(context);
  await expect(one.presence).toHaveCount(1);
  const session = await one.sessionId();
  const two = await open(context, session);
  await two.notes.focus();
  await expect(one.presence).toHaveCount(2);
  await expect(one.presence.nth(0)).toContainText('this tab');
  await expect(one.presence.nth(1)).toContainText('Tab 2');
  await expect(one.presence.nth(1)).toContainText('Text');

  await two.goTo('History');
  await expect(one.presence.nth(1)).toContainText('History');

  // A duplicate starts with what the original has in its session storage, its name too.
  await two.presence.getByRole('button', { name: /this tab/ }).click();
  await two.page.getByLabel('Name of this tab').fill('Laptop');
  await two.page.keyboard.press('Enter');
  await expect(one.presence.nth(1)).toContainText('Laptop');
  const opened = context.waitForEvent('page');
  await two.page.evaluate((path) => void window.open(path), `/s/${session}`);
  const three = new Workspace(await opened);
  await three.ready();
  await expect(one.presence).toHaveCount(3);
  await expect(one.presence.nth(2)).toContainText('Laptop 2');

  await three.page.close();
  await expect(one.presence).toHaveCount(2);
  await two.page.close();
  await expect(one.presence).toHaveCount(1);
});

test('[TAB-4] without BroadcastChannel the tabs converge all the same', async ({ context, server }) => {
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'BroadcastChannel'));
  const one = await open(context);
  const two = await open(context, await one.sessionId());
  await server.kill();
  await one.type('one ');
  await expect(two.notes).toHaveValue('one ');
  await two.type('two');
  for (const tab of [one, two]) await expect(tab.notes).toHaveValue('one two');
});

test('[TAB-5] the leading tab is closed, and within a second another one leads and saves', async ({
  context,
  saves,
}) => {
  const leads = await recordLeads(context);
  const one = await open(context);
  const two = await open(context, await one.sessionId());
  await one.type('from the first; ');
  await one.save();
  await expect(two.notes).toHaveValue('from the first; ');
  expect(leads.of(two)).toEqual([]);
  await one.page.close();
  const closedAtMs = Date.now();
  const before = saves.changes.length;
  await two.type('2');
  await two.page.keyboard.press('Control+s');
  await expect.poll(() => saves.changes.length).toBeGreaterThan(before);
  const tookMs = (saves.changes[before]?.atMs ?? Infinity) - closedAtMs;
  const [lead] = leads.of(two);
  expect(lead?.stolen).toBe(false);
  expect((lead?.atMs ?? Infinity) - closedAtMs).toBeLessThan(1_000);
  expect(tookMs).toBeLessThan(1_000);
  await two.shows('saved');
});

test('[TAB-5] the leading tab hangs, and a visible one waits for it 3 s at the most', async ({ context }) => {
  const leads = await recordLeads(context);
  const one = await open(context);
  const session = await one.sessionId();
  const two = await open(context, session);
  await one.type('.');
  await one.save();
  await expect(two.notes).toHaveValue('.');
  await freeze(one);
  await two.type('from the second');
  expect(leads.of(two)).toEqual([]);
  await two.page.keyboard.press('Control+s');
  await expect.poll(() => leads.of(two)).toMatchObject([{ stolen: true }]);
  const [lead] = leads.of(two);
  // At once would mean that it did not wait for the other one at all.
  expect(lead?.waitedMs).toBeGreaterThan(2_000);
  expect(lead?.waitedMs).toBeLessThanOrEqual(3_000);
  await two.shows('saved');
});

test('[TAB-5] [SYNC-3] a tab that becomes the leader looks for what it has missed', async ({ context }) => {
  await withoutEvents(context);
  const one = await open(context);
  const clock = await StoppedClock.install(one.page);
  await one.reload();
  const session = await one.sessionId();
  await one.type('here; ');
  await one.save();
  const two = await open(context, session);
  await expect(two.notes).toHaveValue('here; ');
  await clock.stop();
  const elsewhere = await anotherBrowser(context, session);
  await elsewhere.type('elsewhere');
  await elsewhere.save();
  for (const tab of [one, two]) await expect(tab.notes).toHaveValue('here; ');
  const stoppedAtMs = await clock.now();
  await one.page.close();
  await expect(two.notes).toHaveValue('here; elsewhere');
  expect(await two.page.evaluate(() => Date.now())).toBe(stoppedAtMs);
});

async function open(context: BrowserContext, session?: string): Promise<Workspace> {
  const workspace = await Workspace.at(
    await context.newPage(),
    session === undefined ? '/' : `/s/${session}`,
  );
  return workspace;
}

/** The page holds what it holds and runs no more: stopped in its debugger. */
async function freeze(workspace: Workspace): Promise<void> {
  const session = await workspace.page.context().newCDPSession(workspace.page);
  await session.send('Debugger.enable');
  await session.send('Debugger.pause');
}
