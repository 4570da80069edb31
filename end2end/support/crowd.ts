import type { Page } from '@playwright/test';

/** Something else of the same origin that takes the room there is. */
export class Crowd {
  private constructor(private readonly page: Page) {}

  /** In `page`, which must be of the origin and not run the app: takes all room there is in IndexedDB. */
  static async fillDatabase(page: Page): Promise<Crowd> {
    const refused = await page.evaluate(fillDatabase);
    if (refused !== 'QuotaExceededError') throw new Error(`it was refused room with ${refused}`);
    return new Crowd(page);
  }

  /** As `fillDatabase`, in localStorage. */
  static async fillLocalStorage(page: Page): Promise<Crowd> {
    await page.evaluate(fillLocalStorage);
    return new Crowd(page);
  }

  /** Gives back what it took in IndexedDB. */
  async leaveDatabase(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.deleteDatabase('crowd');
          request.onsuccess = () => resolve();
          request.onerror = () => reject(request.error);
        }),
    );
  }
}

/** Runs in the page; so it has to be whole in itself. The name of what ended it. */
async function fillDatabase(): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('crowd', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('crowd', { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  database.onversionchange = () => database.close();
  const put = (bytes: number) =>
    new Promise<string | undefined>((resolve) => {
      const transaction = database.transaction('crowd', 'readwrite');
      // What repeats is packed.
      const noise = new Uint8Array(bytes);
      for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
      transaction.objectStore('crowd').put(noise);
      transaction.oncomplete = () => resolve(undefined);
      transaction.onabort = () => resolve(transaction.error?.name ?? 'no reason');
    });
  let refused = '';
  for (let bytes = 1 << 19; bytes >= 256; bytes >>= 1) {
    for (let error = await put(bytes); error === undefined; error = await put(bytes)) continue;
    refused = (await put(bytes)) ?? refused;
  }
  database.close();
  return refused;
}

/** Runs in the page. */
function fillLocalStorage(): void {
  for (let bytes = 1 << 20, number = 0; bytes >= 1; bytes >>= 1) {
    try {
      for (;;) localStorage.setItem(`crowd.${(number += 1)}`, 'x'.repeat(bytes));
    } catch {
      // Full for this much; less may fit.
    }
  }
}
