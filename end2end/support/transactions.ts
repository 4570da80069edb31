import type { BrowserContext } from '@playwright/test';

import { until } from './until.ts';

/**
 * What IndexedDB itself said is kept: the notes' text at the moment each transaction of the journal was
 * issued, told by that transaction's `complete` event. No code of Holdfast is asked.
 */
export class TransactionRecord {
  /** In the order in which they completed. */
  readonly completed: string[] = [];

  /** To be called before the first page loads. */
  async attach(context: BrowserContext): Promise<void> {
    await context.exposeBinding('holdfastCompleted', (_source, text: string) => {
      this.completed.push(text);
    });
    await context.addInitScript(watch);
  }

  /** The longest text that is kept. */
  get kept(): string {
    return this.completed.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
  }

  /** Waits until so many characters are kept. */
  async keeps(characters: number): Promise<void> {
    await until(
      `${characters} characters to be in completed transactions`,
      () => this.kept.length >= characters || undefined,
    );
  }
}

/** Runs in each page before its own scripts. */
function watch(): void {
  const make = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const transaction = make.call(this, stores, mode, options);
    if (mode === 'readwrite' && transaction.objectStoreNames.contains('records')) {
      const text = document.querySelector<HTMLTextAreaElement>('#notes')?.value ?? '';
      const { holdfastCompleted: tell } = globalThis as unknown as {
        holdfastCompleted(text: string): Promise<void>;
      };
      transaction.addEventListener('complete', () => void tell(text));
    }
    return transaction;
  };
}

/** A transaction that could keep an append waiting: it held the records. */
export interface Holding {
  stores: string[];
  durability: string;
  /** It was committed in the task that made it: it waits for nothing that the page does later. */
  committedAtOnce: boolean;
}

/** Every transaction over the records that pages of a context made. To be called before the first loads. */
export async function recordHoldings(context: BrowserContext): Promise<Holding[]> {
  const all: Holding[] = [];
  await context.exposeBinding('holdfastHolding', (_source, holding: Holding) => {
    all.push(holding);
  });
  await context.addInitScript(() => {
    const { transaction: make } = IDBDatabase.prototype;
    const { commit } = IDBTransaction.prototype;
    const committed = new WeakSet<IDBTransaction>();
    IDBTransaction.prototype.commit = function () {
      committed.add(this);
      commit.call(this);
    };
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const made = make.call(this, stores, mode, options);
      if (!made.objectStoreNames.contains('records')) return made;
      // After this task and its promises, before any answer of the database.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const { holdfastHolding: tell } = globalThis as unknown as {
          holdfastHolding(holding: Holding): void;
        };
        const { objectStoreNames, durability } = made;
        tell({ stores: [...objectStoreNames], durability, committedAtOnce: committed.has(made) });
      };
      port2.postMessage(undefined);
      return made;
    };
  });
  return all;
}
