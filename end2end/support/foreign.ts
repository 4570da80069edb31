import type { Page } from '@playwright/test';

/** A page load that is none of ours. */
const tab = '00000000-0000-7000-8000-00000000000f';

/** Puts a record of another build into the journal, as its bytes are. */
export async function putRecord(page: Page, session: string, bytes: Uint8Array): Promise<void> {
  await page.evaluate(record, { key: [session, tab, 1], bytes: [...bytes] });
}

/** What is stored where `putRecord` put it. */
export async function storedRecord(page: Page, session: string): Promise<Uint8Array | undefined> {
  const bytes = await page.evaluate(record, { key: [session, tab, 1], bytes: undefined });
  return bytes && Uint8Array.from(bytes);
}

/** The formats of the records that the journal holds, each once. */
export async function formatsStored(page: Page, session: string): Promise<number[]> {
  return page.evaluate(async (session) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('holdfast-first'));
    const records = database.transaction('records').objectStore('records');
    const all = await done<Uint8Array[]>(records.getAll(IDBKeyRange.bound([session], [session, []])));
    database.close();
    return [...new Set(all.map((bytes) => bytes[2] ?? 0))].sort();
  }, session);
}

/** Runs in the page; so it has to be whole in itself. Writes, where there is something to write, and reads. */
async function record({ key, bytes }: { key: IDBValidKey; bytes: number[] | undefined }) {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const found = (await indexedDB.databases()).find(({ name }) => name?.startsWith('holdfast-'));
  const database = await done(indexedDB.open(found?.name ?? ''));
  const store = database.transaction('records', 'readwrite').objectStore('records');
  if (bytes) await done(store.put(Uint8Array.from(bytes), key));
  const stored = await done<Uint8Array | undefined>(store.get(key));
  database.close();
  return stored && [...stored];
}
