import type { BrowserContext } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { Journal } from './support/journal.ts';
import { expect, test } from './support/test.ts';

// A duplicated tab starts with a copy of what the original has in its session storage: nothing of that may make
// the two write as one.

test('[TAB-3] [CTX-1] a duplicated tab has its own tab id and its own client id, and nothing is there twice', async ({
  workspace: original,
  context,
  server,
  truth,
}) => {
  const session = await original.sessionId();
  await original.type('known; ');
  await original.save();
  await original.page.evaluate(() => sessionStorage.setItem('copied', 'yes'));
  const copy = await duplicate(context, original);
  expect(await copy.page.evaluate(() => sessionStorage.getItem('copied'))).toBe('yes');
  await server.kill();
  await original.notes.press('Control+Home');
  await copy.notes.press('Control+End');
  await Promise.all([
    original.page.keyboard.type('in the original, ', { delay: 7 }),
    copy.page.keyboard.type('in the copy', { delay: 7 }),
  ]);
  const together = 'in the original, known; in the copy';
  for (const tab of [original, copy]) await expect(tab.notes).toHaveValue(together);
  for (const tab of [original, copy]) await tab.shows('on_device', 'offline');

  const { records } = await Journal.read(copy.page, session);
  const keys = 'in the original, '.length + 'in the copy'.length;
  expect(records).toHaveLength(keys);
  expect(new Set(records.map(({ tab, number }) => `${tab} ${number}`)).size).toBe(keys);
  const clients = new Map(records.map(({ tab, clients }) => [tab, clients]));
  expect(clients.size, 'tabs that wrote').toBe(2);
  for (const { tab, clients: mine } of records)
    expect(mine, 'one client for each tab').toEqual(clients.get(tab));
  expect(new Set([...clients.values()].flat()).size, 'clients that wrote').toBe(2);

  await server.start();
  await copy.save();
  await original.shows('saved');
  expect(await truth.confirm(context, session, [original, copy])).toBe(together);
});

async function duplicate(context: BrowserContext, original: Workspace): Promise<Workspace> {
  const opened = context.waitForEvent('page');
  await original.page.evaluate(() => void window.open(location.href));
  const copy = new Workspace(await opened);
  await copy.ready();
  return copy;
}
