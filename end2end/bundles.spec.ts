import { readFile } from 'node:fs/promises';

import { Workspace } from './pages/workspace.ts';
import { Server } from './support/server.ts';
import { expect, test } from './support/test.ts';

// A session as a whole: copied, given out as a file, made from one.

test('[SESS-3] a copy has what the first has, and goes its own way', async ({ workspace }) => {
  const { sessions, notes, name } = workspace;
  await workspace.fill('Lofoten', 'ferry');
  await workspace.fields.add('Budget', 'Number');
  await workspace.page.keyboard.type('2400');
  const first = await workspace.sessionId();
  await sessions.menu('Lofoten', 'Duplicate');
  await expect(name).toHaveValue('Copy of Lofoten');
  await expect(notes).toHaveValue('ferry');
  await expect(workspace.fields.input('Budget')).toHaveValue('2400');
  expect(await workspace.sessionId()).not.toBe(first);
  await workspace.type(', stove');
  await workspace.save();
  await workspace.open(`/s/${first}`);
  await expect(notes).toHaveValue('ferry');
});

test('[SESS-3] a session goes to another server as a file, with its snapshots and history', async ({
  workspace,
  browser,
}) => {
  const { sessions, page } = workspace;
  await workspace.fill('Lofoten', 'ferry');
  await workspace.snapshots.take();
  await workspace.type(', stove');
  await workspace.fields.add('Budget', 'Number');
  await page.keyboard.type('2400');
  await workspace.save();
  const download = page.waitForEvent('download');
  await sessions.menu('Lofoten', 'Export');
  const file = await (await download).path();
  expect((await readFile(file)).subarray(0, 2).toString()).toBe('PK');

  const elsewhere = await Server.start();
  const context = await browser.newContext({ baseURL: elsewhere.url });
  try {
    const there = await Workspace.at(await context.newPage());
    const chooser = there.page.waitForEvent('filechooser');
    await there.sessions.list.getByRole('button', { name: 'Import' }).click();
    await (await chooser).setFiles(file);
    await expect(there.name).toHaveValue('Lofoten');
    await expect(there.notes).toHaveValue('ferry, stove');
    await expect(there.fields.input('Budget')).toHaveValue('2400');
    await there.snapshots.restore();
    await expect(there.notes).toHaveValue('ferry');
    await there.save();
    await there.reload();
    await expect(there.notes).toHaveValue('ferry');
    await expect(there.sessions.link('Lofoten')).toBeVisible();
  } finally {
    await context.close();
    await elsewhere.dispose();
  }
});

test('[SESS-3] a file that is no exported session is refused in words, and nothing comes of it', async ({
  workspace,
}) => {
  await workspace.fill('Lofoten', 'ferry');
  const { page, sessions } = workspace;
  const chooser = page.waitForEvent('filechooser');
  await sessions.list.getByRole('button', { name: 'Import' }).click();
  await (
    await chooser
  ).setFiles({ name: 'holiday.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip at all') });
  await expect(workspace.notices).toContainText('Not imported. This file cannot be imported');
  await expect(workspace.notes).toHaveValue('ferry');
  await expect(sessions.list.getByRole('region', { name: 'Active' }).getByRole('listitem')).toHaveCount(1);
});

test('[SESS-3] what was deleted is listed, and brought back from there', async ({ workspace }) => {
  const { page, sessions, notes } = workspace;
  await workspace.fill('Lofoten', 'ferry');
  await sessions.menu('Lofoten', /^Delete/);
  await page
    .getByRole('dialog', { name: /^Delete “/ })
    .getByRole('button', { name: 'Delete', exact: true })
    .click();
  await expect(sessions.link('Lofoten')).toHaveCount(0);
  await workspace.reload();
  await sessions.list.getByRole('button', { name: 'Deleted' }).click();
  const dialog = page.getByRole('dialog', { name: 'Deleted sessions' });
  await expect(dialog).toContainText('Lofoten');
  await dialog.getByRole('button', { name: 'Bring “Lofoten” back' }).click();
  await expect(notes).toHaveValue('ferry');
  await expect(sessions.link('Lofoten')).toBeVisible();
});

test('[UX-1] an import says how far it is', async ({ workspace, context }) => {
  const { page, notices } = workspace;
  await workspace.type('ferry');
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const line = (uploadThroughput: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  await line(50_000);
  // Ten seconds of it.
  const file = { name: 'trip.zip', mimeType: 'application/zip', buffer: Buffer.alloc(500_000, 1) };
  await page.locator('#import-file').setInputFiles(file);
  const progress = notices.getByRole('progressbar', { name: 'Importing “trip.zip”…' });
  const part = () => progress.evaluate((bar: HTMLProgressElement) => bar.value);
  await expect(progress).toBeVisible();
  await expect.poll(part).toBeGreaterThan(0);
  expect(await part()).toBeLessThan(1);
  await workspace.type(' at 15:00');
  await line(-1);
  await expect(notices).toContainText('Not imported.');
  await expect(progress).toHaveCount(0);
  await expect(workspace.notes).toHaveValue('ferry at 15:00');
});
