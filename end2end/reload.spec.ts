import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { anotherBrowser, plainPage } from './support/browsers.ts';
import { StoppedClock } from './support/clock.ts';
import { Journal } from './support/journal.ts';
import { SentRecord } from './support/requests.ts';
import { holdProgram } from './support/program.ts';
import { holdJournal } from './support/storage.ts';
import { expect, test } from './support/test.ts';

const piece = (letter: string) => `${letter.repeat(9_999)}\n`;
/** 200 KB. */
const pieces = [...'abcdefghijklmnopqrst'].map(piece);

test('[CTX-2] a reload 80 ms after a key, or in its very task, keeps the key', async ({ workspace }) => {
  const { page, notes } = workspace;
  // Only the journal can bring it back.
  await page.route('**/fn/save_context', (route) => route.abort());
  let typed = '';
  for (const [letter, afterMs] of Object.entries({ a: 80, b: 80, c: 80, d: 0, e: 0, f: 0 })) {
    await page.evaluate(reloadAfterKey, afterMs);
    await notes.focus();
    await page.keyboard.press('Control+End');
    const loaded = page.waitForEvent('load');
    await page.keyboard.press(letter);
    typed += letter;
    await loaded;
    await workspace.ready();
    await expect(notes, `after ${afterMs} ms`).toHaveValue(typed);
  }
});

test('[CTX-6] closing a tab with 200 KB waiting sends 60 KB, and the journal carries the rest', async ({
  page,
  context,
  saves,
}) => {
  const clock = await StoppedClock.install(page);
  const requests = new SentRecord();
  await requests.attach(context);
  const workspace = await Workspace.at(page);
  const session = await workspace.sessionId();
  await workspace.type('.');
  await workspace.save();
  const before = saves.answered.length;
  // Neither a timer nor what follows a save sends some of it before.
  await clock.stop();
  await expect.poll(() => requests.answered).toBe(true);
  for (const text of pieces) await workspace.page.keyboard.insertText(text);
  await close(workspace.page);
  await clock.go();

  // What another browser finds came with the closing: this one has nothing that could send it.
  const other = await anotherBrowser(context, session);
  const length = async () => (await other.notes.inputValue()).length;
  await expect.poll(length, { timeout: 45_000 }).toBeGreaterThan(1);
  const sent = await length();
  expect(sent).toBeGreaterThan(40_000);
  expect(sent).toBeLessThan(60_000);

  const again = await Workspace.at(await context.newPage(), `/s/${session}`);
  await expect(again.notes).toHaveValue(`.${pieces.join('')}`);
  await again.save();
  await other.reload();
  await expect(other.notes).toHaveValue(`.${pieces.join('')}`);
  await expect.poll(() => saves.answered.length).toBeGreaterThan(before);
});

test('[CTX-2] [CTX-6] closing a tab with 200 KB waiting and no server loses nothing', async ({
  workspace,
  context,
  server,
}) => {
  const session = await workspace.sessionId();
  await server.kill();
  const pasted = pieces.join('');
  await workspace.notes.focus();
  await workspace.page.keyboard.insertText(pasted);
  await close(workspace.page);
  await server.start();

  const again = await Workspace.at(await context.newPage(), `/s/${session}`);
  await expect(again.notes).toHaveValue(pasted);
  await again.save();
  const other = await anotherBrowser(context, session);
  await expect(other.notes).toHaveValue(pasted);
});

test('[CTX-8] what is typed while the page loads is kept, to the letter', async ({ page, server }) => {
  const workspace = new Workspace(page);
  const arrive = await holdProgram(page);
  await page.goto('/', { waitUntil: 'commit' });
  await workspace.notes.focus();
  await page.keyboard.type('before the program');
  expect(await page.locator('.shell').getAttribute('data-ready')).toBe('false');
  arrive();
  // And on, over the moment in which the page comes to life.
  const sentence = ', while it starts, and after it has begun to keep what is typed into it';
  let typed = 'before the program';
  for (let at = 0; at < sentence.length || !(await isReady(page)); at += 1) {
    const letter = sentence[at % sentence.length] ?? '';
    await page.keyboard.type(letter);
    typed += letter;
  }
  await workspace.ready();
  await expect(workspace.notes).toHaveValue(typed);

  await server.kill();
  await workspace.shows('on_device', 'offline', 'saved');
  await server.start();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue(typed);
});

test('[CTX-8] what is typed before the journal is read is kept, also when its field is left', async ({
  workspace,
  context,
}) => {
  const session = await workspace.sessionId();
  await workspace.type('kept from before; ');
  await workspace.shows('on_device', 'saved');
  const look = await plainPage(context);
  const letGo = await holdJournal(look);

  // Without time, no journal is given up because it does not answer.
  const clock = await StoppedClock.install(workspace.page);
  await clock.stop();
  await workspace.page.goto(`/s/${session}`);
  // The program runs: the list is its own.
  await workspace.sessions.link('Untitled').waitFor();
  await workspace.notes.focus();
  await workspace.page.keyboard.type('typed early, then away');
  await workspace.goTo('History');
  await expect(workspace.notes).toHaveCount(0);
  expect(await workspace.page.locator('.shell').getAttribute('data-ready')).toBe('false');
  await letGo();
  await clock.go();
  await workspace.ready();
  await workspace.goTo('Notes');
  await expect(workspace.notes).toHaveValue(/kept from before; /);
  await expect(workspace.notes).toHaveValue(/typed early, then away/);
  expect(await workspace.notes.inputValue()).toHaveLength('kept from before; typed early, then away'.length);
});

test('[CTX-8] what is typed while the page loads joins the text that the journal has', async ({
  workspace,
}) => {
  const { page, notes } = workspace;
  const session = await workspace.sessionId();
  await workspace.type('kept from before; ');
  await workspace.shows('on_device', 'saved');
  const arrive = await holdProgram(page);
  await page.goto(`/s/${session}`, { waitUntil: 'commit' });
  await notes.focus();
  await page.keyboard.type('typed early');
  arrive();
  await page.keyboard.type(', and on');
  await workspace.ready();
  await expect(notes).toHaveValue(/kept from before; /);
  await expect(notes).toHaveValue(/typed early, and on/);
  // The caret stayed where it was typed.
  await page.keyboard.type(' further');
  await expect(notes).toHaveValue(/typed early, and on further/);
  const together = await notes.inputValue();
  expect(together).toHaveLength('kept from before; typed early, and on further'.length);
  await workspace.reload();
  await expect(notes).toHaveValue(together);
});

test('[CTX-8] a field that a page renders itself keeps what is typed into it early', async ({ page }) => {
  // Ours come from the journal. This one stands in the document, as in a page of somebody else.
  const field = '<input aria-label="Budget" type="number" data-path="/budget" value="3">';
  await page.route('**/', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('</body>', `${field}</body>`);
    await route.fulfill({ response, body });
  });
  const arrive = await holdProgram(page);
  const workspace = new Workspace(page);
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByLabel('Budget').fill('2400');
  arrive();
  await workspace.ready();
  await workspace.shows('on_device', 'saved');
  const journal = await Journal.read(page, await workspace.sessionId());
  expect(journal.value('/budget')).toBe(2400);
});

/** Runs in the page. */
function reloadAfterKey(afterMs: number): void {
  const reload = () => location.reload();
  addEventListener('input', () => (afterMs > 0 ? setTimeout(reload, afterMs) : reload()), { once: true });
}

/** Closes a tab as a person does: the page is told. */
async function close(page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
}

async function isReady(page: Page): Promise<boolean> {
  return (await page.locator('.shell').getAttribute('data-ready')) === 'true';
}
