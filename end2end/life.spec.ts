import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { sameGuest } from './support/browsers.ts';
import { Journal } from './support/journal.ts';
import { slowPage } from './support/program.ts';
import type { Server } from './support/server.ts';
import { expect, test } from './support/test.ts';

// The life of a session: nobody comes for a day or a week, it is put away, it is deleted and brought back.

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** How many sweeps it ended. */
const sweeps = (server: Server) => server.logs.split('swept').length - 1;

/** Lets time pass for the server, which is there all the time and sweeps. Steps of a day: more were a jump. */
async function pass(server: Server, fromMs: number, toMs: number): Promise<void> {
  for (let atMs = fromMs; atMs < toMs;) {
    atMs = Math.min(atMs + DAY_MS, toMs);
    const before = sweeps(server);
    await server.moveClock(atMs);
    await server.restart();
    await expect.poll(() => sweeps(server)).toBeGreaterThan(before);
  }
}

/** A group of the list of sessions. */
const group = (workspace: Workspace, name: string) =>
  workspace.sessions.list.getByRole('region', { name, exact: true });

const archived = (workspace: Workspace) => workspace.sessions.list.locator('[data-status="archived"]');

/** The bar that says what the session's state means. */
const bar = (workspace: Workspace) => workspace.bars.locator('[data-tone="state"]');

async function confirmDelete(page: Page): Promise<void> {
  await page
    .getByRole('dialog', { name: /^Delete “/ })
    .getByRole('button', { name: 'Delete', exact: true })
    .click();
}

test('[SESS-1] after a day a session is abandoned, after a week more archived, and opening brings it back', async ({
  workspace,
  server,
}) => {
  await server.moveClock(0);
  await workspace.fill('Lofoten', 'ferry');
  const id = await workspace.sessionId();
  await workspace.page.goto('about:blank');
  await pass(server, 0, DAY_MS + HOUR_MS);
  await expect.poll(() => server.logs).toContain('abandoned=1');

  // Opening it is using it.
  await workspace.open(`/s/${id}`);
  await expect(group(workspace, 'Active')).toContainText('Lofoten');
  await expect(workspace.notes).toHaveValue('ferry');
  await workspace.save();
  await workspace.page.goto('about:blank');
  await pass(server, DAY_MS + HOUR_MS, 11 * DAY_MS);
  await expect.poll(() => server.logs).toContain('archived=1');

  await workspace.open(`/s/${id}`);
  await expect(bar(workspace)).toContainText('This session is archived');
  await expect(workspace.notes).toHaveValue('ferry');
  await expect(workspace.notes).not.toBeEditable();
});

test('[SESS-1] what is archived can be read, not changed, and taken out again', async ({ workspace }) => {
  const { sessions, notes } = workspace;
  await workspace.fill('Lofoten', 'ferry');
  await sessions.menu('Lofoten', 'Archive');
  await expect(bar(workspace)).toContainText('This session is archived');
  await expect(notes).not.toBeEditable();
  await expect(workspace.page.getByRole('button', { name: 'Add field' })).toBeDisabled();
  await expect(archived(workspace)).toContainText('1');
  // Put away it is out of sight, and found.
  await expect(sessions.link('Lofoten')).toBeHidden();
  await sessions.search('lofo');
  await expect(sessions.link('Lofoten')).toBeVisible();
  await sessions.search('');
  await workspace.reload();
  await expect(notes).toHaveValue('ferry');
  await expect(notes).not.toBeEditable();

  await bar(workspace).getByRole('button', { name: 'Take out of the archive' }).click();
  await expect(bar(workspace)).toHaveCount(0);
  await expect(notes).toBeEditable();
  await workspace.type(', stove');
  await workspace.save();
  await expect(group(workspace, 'Active')).toContainText('Lofoten');
});

test('[SESS-3] [SESS-2] a deleted session is undone, and explained where its address is opened', async ({
  workspace,
}) => {
  const { sessions, notes, page } = workspace;
  await workspace.fill('Lofoten', 'ferry');
  const id = await workspace.sessionId();
  await sessions.menu('Lofoten', /^Delete/);
  await confirmDelete(page);
  await expect(sessions.link('Lofoten')).toHaveCount(0);
  await expect(notes).toHaveValue('');
  await workspace.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(notes).toHaveValue('ferry');
  await expect(sessions.link('Lofoten')).toBeVisible();

  await sessions.menu('Lofoten', /^Delete/);
  await confirmDelete(page);
  await expect(sessions.link('Lofoten')).toHaveCount(0);
  await page.goto(`/s/${id}`);
  await expect(page.getByRole('heading', { name: 'This session was deleted' })).toBeVisible();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(notes).toHaveValue('ferry');
  await workspace.type(', stove');
  await workspace.save();
  await expect(sessions.link('Lofoten')).toBeVisible();
});

for (const step of ['Archive', 'Delete'] as const) {
  test(`[SESS-1] what was written offline before a session is gone by ${step} goes on as a copy`, async ({
    workspace,
    context,
  }) => {
    await workspace.fill('Lofoten', 'ferry');
    const id = await workspace.sessionId();
    const other = await Workspace.at(await (await sameGuest(context)).newPage(), `/s/${id}`);
    await expect(other.notes).toHaveValue('ferry');
    await context.setOffline(true);
    await workspace.type(', stove');
    await workspace.shows('offline', 'on_device');
    await other.sessions.menu('Lofoten', step === 'Archive' ? step : /^Delete/);
    if (step === 'Delete') await confirmDelete(other.page);
    await expect(other.notices).toContainText(`${step}d`);

    await context.setOffline(false);
    await expect(bar(workspace)).toContainText(/changes? made before/);
    await expect(workspace.notes).toHaveValue('ferry, stove');
    await bar(workspace).getByRole('button', { name: 'Keep a copy' }).click();
    await expect(workspace.page).not.toHaveURL(new RegExp(id));
    await expect(workspace.notes).toHaveValue('ferry, stove');
    await workspace.save();
    await workspace.reload();
    await expect(workspace.notes).toHaveValue('ferry, stove');
    await expect(workspace.notes).toBeEditable();
  });
}

test('[SESS-1] [CTX-8] what is typed into an archived session before its page runs waits and goes on as a copy', async ({
  workspace,
  context,
}) => {
  await workspace.fill('Lofoten', 'ferry');
  const id = await workspace.sessionId();
  await workspace.sessions.menu('Lofoten', 'Archive');
  await expect(bar(workspace)).toContainText('This session is archived');
  await workspace.page.close();

  const slow = await slowPage(context, `/s/${id}`);
  await expect(slow.notes).toHaveValue('ferry');
  await slow.notes.focus();
  await slow.page.keyboard.press('Control+End');
  await slow.page.keyboard.type(', stove');
  slow.arrive();
  await slow.ready();
  await expect(bar(slow)).toContainText(/1 change made before/);
  await expect(slow.notes).toHaveValue('ferry, stove');
  await expect(slow.notes).not.toBeEditable();
  await slow.reload();
  await expect(slow.notes).toHaveValue('ferry, stove');
  await bar(slow).getByRole('button', { name: 'Keep a copy' }).click();
  await expect(slow.page).not.toHaveURL(new RegExp(id));
  await expect(slow.notes).toHaveValue('ferry, stove');
  await expect(slow.notes).toBeEditable();
  await slow.save();
});

test('[SESS-3] [SYNC-6] a session that another device deleted is not taken for a lost one', async ({
  workspace,
  context,
}) => {
  await workspace.fill('Lofoten', 'ferry');
  await workspace.sessions.create();
  await workspace.fill('Tax', 'receipts');
  const other = await Workspace.at(await (await sameGuest(context)).newPage());
  const deleted = other.page.waitForResponse('**/fn/step_session');
  await other.sessions.menu('Lofoten', /^Delete/);
  await confirmDelete(other.page);
  await deleted;

  await workspace.reload();
  await expect(workspace.sessions.link('Lofoten')).toHaveCount(0);
  await expect(workspace.notes).toHaveValue('receipts');
  await expect(workspace.bars.locator('.bar')).toHaveCount(0);
  await workspace.type(', letters');
  await workspace.save();
  await expect(workspace.bars.locator('.bar')).toHaveCount(0);
});

test('[OPS-1] [SESS-3] of a destroyed session nothing stays on the device but what was never sent', async ({
  workspace,
  context,
  server,
}) => {
  const { page } = workspace;
  await server.moveClock(0);
  const gone = await workspace.fill('Lofoten', 'ferry');
  await workspace.sessions.create();
  const waits = await workspace.fill('Hut', 'key');
  await workspace.sessions.create();
  await workspace.fill('Tax', 'receipts');
  await workspace.open(`/s/${waits}`);
  const other = await Workspace.at(await (await sameGuest(context)).newPage());
  await server.kill();
  await workspace.type(' is with Jonas');
  // Asked for: the interval's moment may be half a minute away.
  await page.keyboard.press('Control+s');
  await workspace.shows('offline');
  await page.goto('about:blank');
  await server.start();
  for (const name of ['Lofoten', 'Hut']) {
    await other.sessions.menu(name, /^Delete/);
    await confirmDelete(other.page);
    await expect(other.sessions.link(name)).toHaveCount(0);
  }
  await other.page.goto('about:blank');
  await pass(server, 0, 9 * DAY_MS);
  await expect.poll(() => server.logs).toContain('destroyed=2');

  await page.goto(`${server.url}/healthz`);
  expect(await kept(page)).toContain(gone);
  await workspace.open('/');
  await expect.poll(() => kept(page), 'what the device keeps').not.toContain(gone);
  expect(await kept(page)).not.toContain('Lofoten');
  // What nobody else has is still here, with what it builds on.
  const journal = await Journal.read(page, waits);
  expect(journal.text('/notes')).toBe('key is with Jonas');
  expect(journal.records).not.toEqual([]);
});

/** All that this device keeps, as one text. */
function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no reason'));
      });
    const text = (value: unknown) =>
      value instanceof Uint8Array ? String.fromCharCode(...value) : JSON.stringify(value);
    const all = Object.entries(localStorage).map(([key, value]) => `${key} ${value}`);
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        const at = database.transaction(store).objectStore(store);
        all.push(...(await done(at.getAllKeys())).map(text), ...(await done(at.getAll())).map(text));
      }
      database.close();
    }
    return all.join('\n');
  });
}
