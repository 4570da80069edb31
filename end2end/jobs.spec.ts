import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Jobs } from './pages/jobs.ts';
import { Workspace } from './pages/workspace.ts';
import { expectAccessible } from './support/accessibility.ts';
import { sameGuest } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

test('[JOB-7] [JOB-4] the sample location is scanned, and its report says what is there', async ({
  workspace,
}) => {
  const jobs = new Jobs(workspace.page);
  // A session that the server does not know yet.
  await jobs.show();
  await expect(workspace.page.getByText('No jobs yet')).toBeVisible();
  await jobs.scan('sample');
  const done = jobs.finished('Scan sample');
  await expect(done).toContainText('Completed');
  await expect(done).toContainText('8 files');
  await expect(done).toContainText('1 duplicate');
  await done.getByRole('button', { name: 'Report of Scan sample' }).click();
  await expect(done.getByRole('row', { name: /^svg/ })).toBeVisible();
  await expect(done.getByRole('table', { name: 'There more than once' })).toContainText(
    'drawings/old/hut.svg',
  );
  await expectAccessible(workspace.page);
  const saving = workspace.page.waitForEvent('download');
  await done.getByRole('link', { name: 'All files (CSV)' }).click();
  const table = readFileSync(await (await saving).path(), 'utf8')
    .trim()
    .split('\n');
  expect(table).toHaveLength(9);
  expect(table[0]).toBe('path,bytes,modified_at_ms,blake3');
  expect(
    table.filter((line) => /^drawings\/(old\/)?hut\.svg,188,\d+,[0-9a-f]{64}$/.test(line.trim())),
  ).toHaveLength(2);

  await jobs.scan('sample', ['drawings', 'old']);
  await expect(jobs.finished('Scan sample/drawings/old')).toContainText('1 file');
  await workspace.reload();
  await expect(jobs.finished('Scan sample/drawings/old')).toContainText('Completed');
  await jobs
    .finished('Scan sample/drawings/old')
    .getByRole('button', { name: /^Remove/ })
    .click();
  await expect(jobs.finished('Scan sample/drawings/old')).toHaveCount(0);
  await expect(jobs.finished('Scan sample')).toBeVisible();
});

test('[JOB-7] a folder that is not there and a path that leads out are told', async ({ workspace }) => {
  const jobs = new Jobs(workspace.page);
  await jobs.show();
  await workspace.page.getByRole('button', { name: 'Scan', exact: true }).click();
  const form = workspace.page.getByRole('form', { name: 'Scan a location' });
  await form.getByRole('textbox', { name: 'Folder' }).fill('../../etc');
  await form.getByRole('button', { name: 'Start the scan' }).click();
  await expect(form.getByRole('alert')).toHaveText('Names of folders with / between them.');
  await form.getByRole('textbox', { name: 'Folder' }).fill('nowhere');
  await form.getByRole('button', { name: 'Start the scan' }).click();
  await expect(jobs.finished('Scan sample/nowhere')).toContainText(
    'There is no such folder in this location.',
  );
});

test.describe('with a location of many files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-location-'));
  const [folders, files] = [100, 200];

  test.use({ settings: { HOLDFAST_LOCATIONS: `[{name = "many", folder = ${JSON.stringify(folder)}}]` } });

  test.beforeAll(() => {
    for (let at = 0; at < folders; at += 1) {
      const inside = join(folder, `folder ${at}`);
      mkdirSync(inside, { recursive: true });
      for (let file = 0; file < files; file += 1)
        writeFileSync(join(inside, `${file}.txt`), `${at} ${file % 50}`);
    }
  });

  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('[JOB-2] [JOB-3] a scan goes on when its server is killed, and every tab and device sees it', async ({
    workspace,
    context,
    server,
  }) => {
    test.setTimeout(120_000);
    const jobs = new Jobs(workspace.page);
    await workspace.fill('Lofoten', 'Ferry');
    await jobs.show();
    await jobs.scan('many');
    const session = await workspace.sessionId();
    await expect(jobs.live('Scan many')).toContainText(/files/);
    await expect(jobs.count).toContainText('1');
    const beside = await Workspace.at(await context.newPage(), `/s/${session}/jobs`);
    const elsewhere = await Workspace.at(await (await sameGuest(context)).newPage(), `/s/${session}/jobs`);
    await server.kill();
    await server.start();
    for (const { page } of [workspace, beside, elsewhere]) {
      const done = new Jobs(page).finished('Scan many');
      // A server that was killed keeps its job for ten seconds, and a page may wait thirty until it asks again.
      await expect(done).toContainText('Completed', { timeout: 60_000 });
      await expect(done).toContainText('20 000 files');
    }
    await expect(jobs.count).toHaveCount(0);
  });

  test('[JOB-4] a scan is paused, goes on, is cancelled and tried again, from another tab too', async ({
    workspace,
    context,
  }) => {
    test.setTimeout(120_000);
    const jobs = new Jobs(workspace.page);
    await workspace.fill('Lofoten', 'Ferry');
    await jobs.show();
    const beside = await Workspace.at(await context.newPage(), `/s/${await workspace.sessionId()}/jobs`);
    const others = new Jobs(beside.page);
    await jobs.scan('many');
    await others
      .live('Scan many')
      .getByRole('button', { name: /^Pause/ })
      .click();
    await expect(jobs.live('Scan many')).toContainText('Paused');
    await jobs
      .live('Scan many')
      .getByRole('button', { name: /^Resume/ })
      .click();
    await others
      .live('Scan many')
      .getByRole('button', { name: /^Cancel/ })
      .click();
    await expect(jobs.finished('Scan many')).toContainText('Cancelled');
    await jobs
      .finished('Scan many')
      .getByRole('button', { name: /^Retry/ })
      .click();
    await expect(others.finished('Scan many')).toContainText('Completed', { timeout: 60_000 });
  });
});

test.describe('with a location that may be written to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-location-'));

  test.use({
    settings: {
      HOLDFAST_LOCATIONS: `[{name = "copies", folder = ${JSON.stringify(folder)}, writable = true}]`,
    },
  });

  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('[JOB-7] [JOB-9] files are copied, after a try, and rolled back', async ({ workspace }) => {
    const jobs = new Jobs(workspace.page);
    const there = () => readdirSync(join(folder, 'of sample'), { recursive: true }).map(String).sort();
    await jobs.show();
    await jobs.copy(['sample', 'copies'], { folder: 'of sample', tryOnly: true });
    const tried = jobs.finished('Try copying sample to copies/of sample');
    await expect(tried).toContainText('8 files to copy');
    expect(readdirSync(folder)).toEqual([]);

    await jobs.copy(['sample', 'copies'], { folder: 'of sample' });
    const copied = jobs.finished('Copy sample to copies/of sample');
    await expect(copied).toContainText('8 files copied');
    const all = there();
    expect(all).toContain('drawings/old/hut.svg');
    expect(all).toHaveLength(8 + 3);
    writeFileSync(join(folder, 'of sample', 'packing.csv'), 'changed since');

    await jobs.copy(['sample', 'copies'], { folder: 'of sample', policy: 'Keep both' });
    const again = jobs.finished('1 file copied, 7 there already');
    await expect(again).toContainText('Completed');
    expect(there()).toContain('packing (2).csv');

    const first = jobs.finished('8 files copied');
    await first.getByRole('button', { name: /^Report of Copy/ }).click();
    await expect(first.getByRole('row', { name: /^Copied/ })).toContainText('8');
    await expectAccessible(workspace.page);
    const saving = workspace.page.waitForEvent('download');
    await first.getByRole('link', { name: 'All files (CSV)' }).click();
    const table = readFileSync(await (await saving).path(), 'utf8');
    expect(table).toMatch(/^path,target,bytes,modified_at_ms,blake3,outcome,code\r?\n/);
    expect(table).toMatch(/^drawings\/hut\.svg,drawings\/hut\.svg,188,\d+,[0-9a-f]{64},copied,\r?$/m);
    await first.getByRole('button', { name: 'Roll back' }).click();
    await expect(jobs.finished('Roll back a transfer')).toContainText(
      '7 files removed, 1 changed since and left',
    );
    expect(there()).toEqual(['packing (2).csv', 'packing.csv']);
  });

  test('[JOB-7] [CTX-11] where nothing may be written nothing is offered, and a half filled form comes back', async ({
    workspace,
  }) => {
    const jobs = new Jobs(workspace.page);
    const { page } = workspace;
    await jobs.show();
    await page.getByRole('button', { name: 'Copy files', exact: true }).click();
    const form = page.getByRole('form', { name: 'Copy files' });
    const target = form.getByRole('group', { name: 'To', exact: true });
    await expect(target.getByRole('option')).toHaveText(['copies']);
    await target.getByRole('textbox', { name: 'Folder' }).fill('../out of it');
    await form.getByRole('radio', { name: 'Keep both' }).check();
    await form.getByRole('button', { name: 'Start copying' }).click();
    await expect(target.getByRole('alert')).toHaveText('Names of folders with / between them.');
    await workspace.save();
    await workspace.reload();
    await page.getByRole('button', { name: 'Copy files', exact: true }).click();
    await expect(target.getByRole('textbox', { name: 'Folder' })).toHaveValue('../out of it');
    await expect(form.getByRole('radio', { name: 'Keep both' })).toBeChecked();
  });
});
