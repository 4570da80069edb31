import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { recordLeads } from './support/leads.ts';
import { crash } from './support/crash.ts';
import { expect, test } from './support/test.ts';

// A page crashes in the middle of typing, while the person, or another one, types in a second tab.

const sentence = 'typed key by key until the page is gone; ';

test('[TAB-5] [CTX-2] the leading tab crashes while another is typed into, which leads and has everything', async ({
  context,
  truth,
}) => {
  const leads = await recordLeads(context);
  const one = await Workspace.at(await context.newPage());
  await one.type('|');
  await one.save();
  const session = await one.sessionId();
  const two = await Workspace.at(await context.newPage(), `/s/${session}`);
  await one.notes.press('Control+End');
  await two.notes.press('Control+Home');
  const [after] = await Promise.all([typeUntilGone(one), typeAndCrash(two, one.page)]);
  await two.page.keyboard.type('and on; ');
  await two.save();
  expect(leads.of(two)).toHaveLength(1);

  await expect(two.notes).toHaveValue(new RegExp(`^${sentence}and on; \\|${after}.?$`));
  await two.reload();
  expect(await truth.confirm(context, session, [two])).toContain(`${sentence}and on; |${after}`);
});

test('[CTX-2] a crash that takes both tabs, as they share a process, loses nothing of either', async ({
  context,
  truth,
}) => {
  const one = await Workspace.at(await context.newPage());
  await one.type('|');
  await one.save();
  const session = await one.sessionId();
  // What a page opens lives in its process.
  const opened = context.waitForEvent('page');
  await one.page.evaluate((path) => void window.open(path), `/s/${session}`);
  const two = new Workspace(await opened);
  await two.ready();
  await one.notes.press('Control+End');
  await two.notes.press('Control+Home');
  const bothCrash = Promise.all([one, two].map(({ page }) => page.waitForEvent('crash')));
  const typing = Promise.all([typeUntilGone(one), typeUntilGone(two)]);
  await expect(two.notes).toHaveValue(/k.*\|.*k/);
  await crash(one.page);
  await bothCrash;
  const [after, before] = await typing;

  const again = await Workspace.at(await context.newPage(), `/s/${session}`);
  // The key that was down may have come in or not.
  await expect(again.notes).toHaveValue(new RegExp(`^${before}.?\\|${after}.?$`));
  await again.save();
  await truth.confirm(context, session, [again]);
});

/** Types until the page is there no more; every letter of which the page had the key. */
async function typeUntilGone({ page }: Workspace): Promise<string> {
  let typed = '';
  for (let at = 0; at < 10_000; at += 1) {
    const letter = sentence[at % sentence.length] ?? '';
    const pressed = page.keyboard.type(letter).then(() => true);
    const gone = page.waitForEvent('crash', { timeout: 0 }).then(() => false);
    if (!(await Promise.race([pressed, gone]).catch(() => false))) return typed;
    typed += letter;
  }
  throw new Error('the page is still there');
}

/** Types a sentence, and lets another page crash in the middle of it. */
async function typeAndCrash({ page }: Workspace, other: Page): Promise<void> {
  const half = sentence.length / 2;
  await page.keyboard.type(sentence.slice(0, half), { delay: 20 });
  await crash(other);
  await page.keyboard.type(sentence.slice(half), { delay: 20 });
}
