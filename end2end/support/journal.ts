import { randomUUID } from 'node:crypto';

import type { Page } from '@playwright/test';
import * as Y from 'yjs';

import { Postcard, block, sealed, uuid, varint } from './postcard.ts';

/** The version in the envelope of what this build writes. */
const FORMAT = 1;

/** A change that the server has not acknowledged. */
export interface JournalRecord {
  /** The page load that made it. */
  tab: string;
  number: number;
  atMs: number;
  /** A Yjs update, or `undefined` for a snapshot that was asked for. */
  update: Uint8Array | undefined;
  /** The Yjs clients that inserted something with it. */
  clients: number[];
}

/**
 * What IndexedDB really holds of a session, and localStorage of what was put aside, read and decoded without any
 * of Holdfast's code: the updates are merged by Yjs itself.
 */
export class Journal {
  private readonly document = new Y.Doc();

  private constructor(
    /** Pending changes in the order of their keys; those that were only put aside come last. */
    readonly records: JournalRecord[],
    /** Whole documents that compactions made. */
    readonly bases: Uint8Array[],
    /** Acknowledged and received updates since. */
    readonly saved: Uint8Array[],
  ) {
    const pending = records.flatMap(({ update }) => update ?? []);
    const all = [...bases, ...saved, ...pending];
    // They come in the order of their names. Of what waits for others Yjs tries some with each update, so those of
    // two tabs that built on each other with every word are given to it until it takes no more.
    const waiting = () => this.document.store.pendingStructs?.update.length ?? 0;
    for (let [before, now] = [Infinity, 0]; ; before = now) {
      for (const update of all) Y.applyUpdate(this.document, update);
      now = waiting();
      if (now === 0 || now >= before) break;
    }
  }

  /**
   * Reads it in `page`, which must be of the server's origin. One that does not run the page itself, as
   * `/healthz`, shows what is there before anything is restored.
   */
  static async read(page: Page, session: string): Promise<Journal> {
    const stores = await page.evaluate(readStores, session);
    const bytes = (texts: string[]) => texts.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
    // What another build wrote is for that one to read.
    const ours = (texts: string[]) => bytes(texts).filter((bytes) => bytes[2] === FORMAT);
    const updates = (texts: string[]) => ours(texts).map((sealed) => Postcard.open(sealed).block());
    const records = ours(stores.records).map(record);
    const held = new Set(records.map(({ tab, number }) => `${tab}.${number}`));
    const aside = ours(stores.aside)
      .map(record)
      .filter(({ tab, number }) => !held.has(`${tab}.${number}`));
    return new Journal([...records, ...aside], updates(stores.bases), updates(stores.saved));
  }

  /** How many changes wait in it, without reading them: of very many that would take longer than they wait. */
  static async waiting(page: Page, session: string): Promise<number> {
    return page.evaluate(countRecords, session);
  }

  /**
   * Puts changes into it that wait for the server, as another tab would have made them one after the other.
   * In `page` as for [`Journal.read`], while no page has the session open.
   */
  static async write(page: Page, session: string, updates: Uint8Array[]): Promise<void> {
    const tab = randomUUID();
    const atMs = varint(Date.now() * 2);
    const records = updates.map((update, at) =>
      Buffer.from(sealed(uuid(tab), varint(at + 1), atMs, [0], block(update))).toString('base64'),
    );
    await page.evaluate(writeRecords, [session, tab, records] as const);
  }

  /** A text of the session by its path: `/notes`. */
  text(path: string): string {
    return this.document.getText(`text:${path}`).toString();
  }

  /** A plain value of the session by its path: `/fields/budget`. */
  value(path: string): unknown {
    return this.document.getMap('context').get(path);
  }
}

function record(bytes: Uint8Array): JournalRecord {
  const body = Postcard.open(bytes);
  const [tab, number, atMs, kind] = [body.uuid(), body.unsigned(), body.signed(), body.unsigned()];
  const update = kind === 0 ? body.block() : undefined;
  const clients = update ? [...Y.parseUpdateMeta(update).to.keys()] : [];
  return { tab, number, atMs, update, clients };
}

/** Runs in the page; so it has to be whole in itself. */
async function readStores(
  session: string,
): Promise<Record<'bases' | 'saved' | 'records' | 'aside', string[]>> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const base64 = (bytes: Uint8Array) => {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const found = {
    bases: [] as string[],
    saved: [] as string[],
    records: [] as string[],
    aside: [] as string[],
  };
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('holdfast-')) continue;
    const database = await done(indexedDB.open(name));
    try {
      // A page that was killed while it made the database leaves none of its stores.
      if (!['bases', 'saved', 'records'].every((store) => database.objectStoreNames.contains(store)))
        continue;
      const transaction = database.transaction(['bases', 'saved', 'records']);
      const range = IDBKeyRange.bound([session], [session, []]);
      for (const store of ['bases', 'saved', 'records'] as const) {
        const values = await done<Uint8Array[]>(transaction.objectStore(store).getAll(range));
        found[store] = found[store].concat(values.map(base64));
      }
    } finally {
      database.close();
    }
  }
  for (const [key, value] of Object.entries(localStorage)) {
    const [, kind, , owner] = key.split('.');
    if (kind === 'record' && owner === session) found.aside.push(JSON.parse(value as string) as string);
  }
  return found;
}

/** Runs in the page; so it has to be whole in itself. */
async function countRecords(session: string): Promise<number> {
  const { name = '' } = (await indexedDB.databases()).find(({ name }) => name?.startsWith('holdfast-')) ?? {};
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const records = opening.result.transaction('records').objectStore('records');
      const counting = records.count(IDBKeyRange.bound([session], [session, []]));
      counting.onerror = () => reject(counting.error);
      counting.onsuccess = () => {
        opening.result.close();
        resolve(counting.result);
      };
    };
  });
}

/** Runs in the page; so it has to be whole in itself. */
async function writeRecords([session, tab, records]: readonly [string, string, string[]]): Promise<void> {
  const { name = '' } = (await indexedDB.databases()).find(({ name }) => name?.startsWith('holdfast-')) ?? {};
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('records', 'readwrite');
      transaction.onabort = () => reject(transaction.error);
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
      for (const [at, record] of records.entries()) {
        const bytes = Uint8Array.from(atob(record), (letter) => letter.charCodeAt(0));
        transaction.objectStore('records').put(bytes, [session, tab, at + 1]);
      }
    };
  });
}
