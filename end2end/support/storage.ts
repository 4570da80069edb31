import type { Page } from '@playwright/test';

/**
 * Lets nobody read or write what the journal has waiting until the answer is called: a transaction of `page`,
 * which need not run the app, is open on it. The database must be there already.
 */
export async function holdJournal(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(hold);
  return () =>
    page.evaluate(() => (globalThis as unknown as { holdfastLetGo(): Promise<void> }).holdfastLetGo());
}

/** Runs in the page; so it has to be whole in itself. */
async function hold(): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('holdfast-first');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const transaction = database.transaction('records', 'readwrite');
  const over = new Promise<void>((resolve) => (transaction.oncomplete = () => resolve()));
  const store = transaction.objectStore('records');
  let held = true;
  await new Promise<void>((resolve) => {
    // It stays open as long as it is asked something.
    const ask = () => {
      resolve();
      if (held) store.count().onsuccess = ask;
    };
    store.count().onsuccess = ask;
  });
  const holdfastLetGo = async () => {
    held = false;
    await over;
    database.close();
  };
  Object.assign(globalThis, { holdfastLetGo });
}

/** From now on `page` finds no room in IndexedDB for a new change, until the answer is called. */
export async function fillJournal(page: Page): Promise<() => Promise<void>> {
  const makeRoom = await page.evaluateHandle(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if (this.name === 'records') throw new DOMException('no room', 'QuotaExceededError');
      return put.call(this, value, key);
    };
    return () => (IDBObjectStore.prototype.put = put);
  });
  return () => makeRoom.evaluate((restore) => void restore());
}
