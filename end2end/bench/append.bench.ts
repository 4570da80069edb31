import { Workspace } from '../pages/workspace.ts';
import { expect, test } from '../support/test.ts';
import { type Measured, measuring, measuredIn } from './page.ts';
import { report } from './rows.ts';
import { median, ms } from './samples.ts';

const times = 300;

test('an edit in the journal, beside a raw put', async ({ page }) => {
  await measuring(page);
  await Workspace.at(page);
  const raw = await page.evaluate(interleave, times);
  await expect.poll(async () => (await measuredIn(page)).appends.length).toBeGreaterThanOrEqual(times);
  const { appends } = await measuredIn(page);
  const ours = median(appends.slice(-times).map(({ asked, complete }) => complete - asked));
  const beside = median(raw);
  await report({
    what: 'journal append p50 in Chromium',
    target: '≤ 1.5 × raw IndexedDB put',
    measured: `${ms(ours)}: ${(ours / beside).toFixed(2)} ×`,
    beside: `raw put ${ms(beside)}`,
    met: ours <= 1.5 * beside,
  });
});

/** Types a key and puts as many bytes into a database of its own, in turn; how long each put took. */
async function interleave(times: number): Promise<number[]> {
  const { measured } = globalThis as unknown as { measured: Measured };
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('raw', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('raw');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const put = (key: number) =>
    new Promise<number>((resolve, reject) => {
      const begun = measured.now();
      const transaction = database.transaction('raw', 'readwrite', { durability: 'relaxed' });
      transaction.objectStore('raw').put(new Uint8Array(100), key);
      transaction.commit();
      transaction.oncomplete = () => resolve(measured.now() - begun);
      transaction.onerror = () => reject(transaction.error);
    });
  const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
  const raw: number[] = [];
  for (let key = 0; key < times; key += 1) {
    measured.type('x');
    await pause();
    raw.push(await put(key));
    await pause();
  }
  return raw;
}
