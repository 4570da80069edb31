import { Workspace } from './pages/workspace.ts';
import { anotherBrowser } from './support/browsers.ts';
import { close } from './support/close.ts';
import { StoppedClock } from './support/clock.ts';
import { SentRecord } from './support/requests.ts';
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

/** Runs in the page. */
function reloadAfterKey(afterMs: number): void {
  const reload = () => location.reload();
  addEventListener('input', () => (afterMs > 0 ? setTimeout(reload, afterMs) : reload()), { once: true });
}
