import type { Page, Response } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import type { IndicatorRecord } from './support/indicator.ts';
import { Journal } from './support/journal.ts';
import { Postcard } from './support/postcard.ts';
import type { Profile } from './support/profile.ts';
import { expect, test } from './support/test.ts';
import { recordHoldings } from './support/transactions.ts';

// The pattern for everything that must survive: type, stop the world, look at what was really stored, come
// back. Two records say what must be there: `transactions`, of which IndexedDB said that they are complete,
// and `indicator`, what the person was told is kept.

const sentence = 'ferry to Moskenes at 15:00, bring the small stove; ';

test('[CTX-2] a renderer killed after the last key loses nothing, with the server down', async ({
  profile,
  server,
  indicator,
}) => {
  let typed = '';
  let session = '';
  for (let round = 1; round <= 10; round += 1) {
    const { page, workspace } = await open(profile, session, typed);
    session = await workspace.sessionId();
    await server.kill();
    const part = `${round}: ${sentence.slice(0, 3 * round)} `;
    await workspace.type(part);
    typed += part;
    await profile.killRenderer(page);
    await server.start();

    const journal = await stored(profile, session);
    expect(journal.text('/notes'), `round ${round}`).toBe(typed);
    expectTold(indicator, typed);
  }
});

test('[CTX-2] a renderer killed while an answer of the server is taken in loses nothing', async ({
  profile,
  indicator,
}) => {
  let typed = '';
  let session = '';
  for (let round = 1; round <= 10; round += 1) {
    const { page, workspace } = await open(profile, session, typed);
    session = await workspace.sessionId();
    // What the killed page left to be saved is saved.
    await workspace.shows('saved');
    await workspace.type(`${round}: ferry `);
    const answer = page.waitForResponse(answersSave);
    await page.keyboard.press('Control+s');
    await answer;
    await page.keyboard.type('at 15 ');
    typed += `${round}: ferry at 15 `;
    await profile.killRenderer(page);

    const journal = await stored(profile, session);
    expect(journal.text('/notes'), `round ${round}`).toBe(typed);
    expectTold(indicator, typed);
  }
});

test('[CTX-2] a renderer killed while the browser is busy with another transaction loses nothing', async ({
  profile,
  server,
  indicator,
}) => {
  let typed = '';
  let session = '';
  for (let round = 1; round <= 3; round += 1) {
    const { page, workspace } = await open(profile, session, typed);
    session = await workspace.sessionId();
    await server.kill();
    await occupyRecords(page);
    // The first of them waits alone, and the others are worth nothing without it.
    await workspace.type(`${round}: ferry; `);
    typed += `${round}: ferry; `;
    await profile.killRenderer(page);
    await server.start();

    const journal = await stored(profile, session);
    expect(journal.text('/notes'), `round ${round}`).toBe(typed);
    expectTold(indicator, typed);
  }
  const { workspace } = await open(profile, session, typed);
  await workspace.save();
});

test('[CTX-2] no append ever waits for a transaction that waits for a page', async ({ page, context }) => {
  const holdings = await recordHoldings(context);
  const workspace = await Workspace.at(page);
  await workspace.type('typed, ');
  await workspace.save();
  await workspace.snapshots.take();
  const sibling = await Workspace.at(await context.newPage(), `/s/${await workspace.sessionId()}`);
  await sibling.type('and typed here; ');
  // It takes the lead over, with everything that waits.
  await page.close();
  await sibling.save();
  await sibling.reload();
  await sibling.type('and on');
  await sibling.shows('on_device', 'saved');
  expect(holdings.length).toBeGreaterThan(20);
  for (const holding of holdings) {
    expect(holding).toMatchObject({ stores: ['records'], committedAtOnce: true });
    expect(holding.durability).not.toBe('strict');
  }
});

test('[CTX-2] a browser killed in the middle of typing keeps what a transaction completed', async ({
  profile,
  server,
  indicator,
  transactions,
}) => {
  let session = '';
  let kept = '';
  for (let round = 1; round <= 5; round += 1) {
    const { workspace } = await open(profile, session, kept);
    session = await workspace.sessionId();
    await server.kill();
    // It is killed while it types; what it still had to type is nobody's loss.
    const typing = workspace.type(sentence).catch(() => undefined);
    await transactions.keeps(kept.length + 7 * round);
    await profile.killBrowser();
    await typing;
    await server.start();

    const text = await comeBack(profile, session);
    expect(text, `round ${round}`).toContain(transactions.kept);
    expectTold(indicator, text);
    kept = text;
  }
});

test('[CTX-2] [CTX-7] a killed browser loses nothing that was shown as kept', async ({
  profile,
  server,
  indicator,
}) => {
  const workspace = await Workspace.at(await profile.context.newPage());
  const session = await workspace.sessionId();
  await server.kill();
  await workspace.type('bring the small stove');
  await workspace.shows('on_device', 'offline');
  await profile.killBrowser();
  await server.start();

  await comeBack(profile, session);
  const again = await Workspace.at(await profile.context.newPage(), `/s/${session}`);
  await expect(again.notes).toHaveValue('bring the small stove');
  expect(indicator.kept).toBe('bring the small stove');
});

/** Opens the session, at first a new one, in a new page, which has what was typed before. */
async function open(profile: Profile, session: string, typed: string) {
  const page = await profile.context.newPage();
  const workspace = await Workspace.at(page, session ? `/s/${session}` : '/');
  await expect(workspace.notes).toHaveValue(typed);
  return { page, workspace };
}

/** Keeps a transaction over the records under way until the page is gone: as a slow disk does. */
async function occupyRecords(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases();
    await new Promise<void>((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => {
        const records = opening.result.transaction('records', 'readwrite').objectStore('records');
        const goOn = () => {
          records.count().onsuccess = goOn;
          resolve();
        };
        records.count().onsuccess = goOn;
      };
    });
  });
}

/** Opens the killed browser again; the text that its profile really holds. */
async function comeBack(profile: Profile, session: string): Promise<string> {
  await profile.open();
  return (await stored(profile, session)).text('/notes');
}

/** What the profile holds of a session, before any page of Holdfast ran. */
async function stored(profile: Profile, session: string): Promise<Journal> {
  const look = await plainPage(profile.context);
  const journal = await Journal.read(look, session);
  await look.close();
  return journal;
}

/** Whether it is the answer to changes: a request without any only asks for news. */
function answersSave(response: Response): boolean {
  if (new URL(response.url()).pathname !== '/fn/save_context') return false;
  const sent = Postcard.open(response.request().postDataBuffer() ?? Buffer.alloc(0));
  // The session, the batch, and how many changes.
  sent.uuid();
  sent.uuid();
  return sent.unsigned() > 0;
}

/** Nothing was ever shown as kept that is not there. */
function expectTold(indicator: IndicatorRecord, text: string): void {
  expect(indicator.kept, 'the page has said something').not.toBeUndefined();
  for (const told of indicator.allKept) expect(text).toContain(told);
}
