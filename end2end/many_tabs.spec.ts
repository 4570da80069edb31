import { execFileSync } from 'node:child_process';

import type { BrowserContext, Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import { rounds } from './support/rounds.ts';
import { expect, test } from './support/test.ts';

/** Twenty of them in full: each is a whole program that starts. */
const tabs = rounds(8, 20);

test(
  '[TAB-1] [TAB-2] [TAB-5] many tabs opened together and typed into at once have the same text, and one leads',
  { tag: '@soak' },
  async ({ context, truth }, info) => {
    // Twenty programs start on as many processors as there are.
    test.setTimeout(300_000);
    const first = await open(context, '/');
    await first.type('|');
    await first.save();
    const session = await first.sessionId();
    const startedAtMs = Date.now();
    const others = Array.from({ length: tabs - 1 }, () => open(context, `/s/${session}`));
    const all = [first, ...(await Promise.all(others))];
    const openedAtMs = Date.now();
    await expect(first.presence).toHaveCount(tabs, { timeout: 60_000 });

    const words = all.map((_, at) => `word ${at} of many; `);
    await Promise.all(
      all.map(async ({ notes, page }, at) => {
        await notes.press(at % 2 ? 'Control+Home' : 'Control+End');
        await page.keyboard.type(words[at] ?? '');
      }),
    );
    const length = words.join('').length + 1;
    for (const { notes } of all) {
      await expect.poll(async () => (await notes.inputValue()).length, { timeout: 60_000 }).toBe(length);
    }
    const convergedAtMs = Date.now();
    await all.at(-1)?.save();
    for (const tab of all) await tab.shows('saved');
    const text = await truth.confirm(context, session, all);
    expect([...text].sort().join('')).toBe([...`|${words.join('')}`].sort().join(''));
    // On a busy machine the lead is perhaps just taken from one that did not answer in time.
    const look = await plainPage(context);
    await expect.poll(async () => leads(look, session)).toEqual({ held: 1, wanted: tabs - 1 });

    info.annotations.push(
      { type: 'opening them', description: `${openedAtMs - startedAtMs} ms` },
      { type: 'until all had all', description: `${convergedAtMs - openedAtMs} ms` },
      {
        type: 'memory of a tab',
        description: `${Math.round((await renderersKb(context)) / tabs / 1024)} MB`,
      },
    );
  },
);

async function open(context: BrowserContext, path: string): Promise<Workspace> {
  const workspace = new Workspace(await context.newPage());
  await workspace.page.goto(path);
  await expect(workspace.page.locator('.shell')).toHaveAttribute('data-ready', 'true', { timeout: 120_000 });
  return workspace;
}

/** How many tabs have the lead of a session, and how many wait for it. */
async function leads(look: Page, session: string) {
  const { held = [], pending = [] } = await look.evaluate(() => navigator.locks.query());
  const ofLead = (locks: LockInfo[]) =>
    locks.filter(({ name }) => name?.startsWith('holdfast.lead.') && name.endsWith(session)).length;
  return { held: ofLead(held), wanted: ofLead(pending) };
}

/** The memory that all pages of the browser have in use together. */
async function renderersKb(context: BrowserContext): Promise<number> {
  const devtools = await context.browser()?.newBrowserCDPSession();
  const { processInfo } = (await devtools?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
  const ids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const sizes = execFileSync('ps', ['-o', 'rss=', '-p', ids.join()], { encoding: 'utf8' });
  return sizes.split('\n').reduce((sum, size) => sum + Number(size), 0);
}
