import type { Page } from '@playwright/test';

/** What this device keeps of what tabs show, as text: keys and values of the store, some bytes around them. */
export async function keptViews(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    let kept = '';
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith('holdfast-')) continue;
      const database = await done(indexedDB.open(name));
      const store = database.transaction('views').objectStore('views');
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      kept += keys.map((key, at) => `${String(key)} ${new TextDecoder().decode(values[at])}\n`).join('');
      database.close();
    }
    return kept;
  });
}
