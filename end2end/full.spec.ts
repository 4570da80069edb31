import type { BrowserContext, Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { expect, test } from './support/test.ts';

test('[CTX-3] [CTX-4] a full localStorage gets the journal back when there is room, and not before', async ({
  page,
  context,
  server,
  truth,
}) => {
  await withoutDatabase(context);
  const workspace = await Workspace.at(page);
  await expect(workspace.bars).toContainText('simple storage');
  await workspace.type('kept; ');
  await workspace.save();
  await server.kill();
  await page.evaluate(fill);
  await workspace.type('no room for this');
  await expect(workspace.bars).toContainText('keeps nothing on disk');
  await workspace.shows('not_saved');

  const { records } = await written(page);
  for (let look = 1; look <= 3; look += 1) {
    const { probes } = await written(page);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect.poll(async () => (await written(page)).probes).toBeGreaterThan(probes);
  }
  expect((await written(page)).records).toBe(records);

  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith('filler.')) localStorage.removeItem(key);
    }
  });
  await expect(workspace.bars).toContainText('simple storage');
  await workspace.shows('offline', 'on_device');
  await server.start();
  await workspace.save();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('kept; no room for this');
  const told = await truth.confirmServer(context, await workspace.sessionId());
  expect(told).toBe('kept; no room for this');
});

interface Written {
  records: number;
  probes: number;
}

function written(page: Page): Promise<Written> {
  return page.evaluate(() => ({
    ...(globalThis as unknown as { holdfastWritten: Written }).holdfastWritten,
  }));
}

/** IndexedDB does not work in the context's pages, and what is written to localStorage is counted. */
async function withoutDatabase(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('it does not work', 'UnknownError');
    };
    const set = Storage.prototype.setItem;
    const counted = { records: 0, probes: 0 };
    Storage.prototype.setItem = function (key: string, value: string) {
      if (key.startsWith('holdfast.record.')) counted.records += 1;
      if (key.startsWith('holdfast.probe.')) counted.probes += 1;
      set.call(this, key, value);
    };
    Object.assign(globalThis, { holdfastWritten: counted });
  });
}

/** Runs in the page: leaves room for a few characters and for no record. */
function fill(): void {
  let number = 0;
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try {
      for (;;) {
        localStorage.setItem(`filler.${number}`, 'x'.repeat(size));
        number += 1;
      }
    } catch {
      // Full for this size; a smaller one may fit.
    }
  }
  localStorage.setItem('filler.0', localStorage.getItem('filler.0')?.slice(60) ?? '');
}
