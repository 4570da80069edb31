import * as Y from 'yjs';

/** Fields that no page made, as an update. */
export function wrongTypes(): Uint8Array {
  const document = new Y.Doc();
  const values = document.getMap('context');
  const fields = { odd: { kind: 42, label: [1], order: 'z', choices: true, value: null }, empty: {} };
  values.set('/fields', {});
  for (const [key, parts] of Object.entries(fields)) {
    values.set(`/fields/${key}`, {});
    for (const [part, value] of Object.entries(parts)) values.set(`/fields/${key}/${part}`, value);
  }
  values.set('/fields/plain', 'no object');
  values.set('/fields/list', [1, 'two']);
  values.set('/fields/date', {});
  values.set('/fields/date/kind', 'date');
  values.set('/fields/date/value', { year: 2026 });
  return Y.encodeStateAsUpdate(document);
}

/** Runs in a page of the origin: everything small that the page keeps there is something else now. */
export async function spoil(session: string): Promise<void> {
  for (const key of Object.keys(localStorage)) localStorage.setItem(key, '[{"not": 1}, "what it was"]');
  const spoilt = {
    'holdfast.profile': '{"a": 1}',
    'holdfast.open.first': '"no id"',
    [`holdfast.record.first.${session}.1.1`]: '"no base64!"',
    [`holdfast.record.first.${session}.1.2`]: '42',
    'holdfast.session.first.no-id': '"AAAA"',
    [`holdfast.view.first.${session}/field/odd`]: '"AAAA"',
  };
  for (const [key, value] of Object.entries(spoilt)) localStorage.setItem(key, value);
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('holdfast-first');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const transaction = database.transaction(['views', 'sessions'], 'readwrite');
  transaction.objectStore('views').put(new TextEncoder().encode('{"not": 1}'), `${session}/field/odd`);
  transaction.objectStore('views').put('no bytes', `${session}/scroll`);
  transaction.objectStore('sessions').put(new Uint8Array([1, 2, 3]), 'no id');
  transaction.objectStore('sessions').put({ an: 'object' }, 'another');
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}
