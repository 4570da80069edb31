import type { BrowserContext, Page, Route } from '@playwright/test';

import { readSave } from './saves.ts';

/** What the journal does with a change, each in a transaction of its own. */
const steps = ['append', 'save', 'forget', 'advance', 'compact'] as const;
type Step = (typeof steps)[number];

/** The points on the way of a change at which a page can be stopped, in their order. */
export type Point =
  | `${Step} issued`
  | `${Step} complete`
  /** The server has not got the request. */
  | 'request sent'
  /** The server has committed; the page has no answer. */
  | 'answer held'
  | 'answer there';

/** Stops pages at a point: exactly there, as nothing of a page runs while it waits for a synchronous request. */
export class Points {
  private stopped: () => void = () => {};
  private wanted: Point | undefined;

  private constructor() {}

  /** To be called before the first page loads. */
  static async attach(context: BrowserContext): Promise<Points> {
    const points = new Points();
    await context.route('**/holdfast-stopped', () => points.stopped());
    await context.route('**/fn/save_context', (route) => points.pass(route));
    await context.addInitScript(watch);
    return points;
  }

  /** From now on `page` stops where it comes to this point. The answer is a wait for that. */
  async stopAt(page: Page, point: Point): Promise<() => Promise<void>> {
    this.wanted = point;
    const stopped = new Promise<void>((resolve) => (this.stopped = resolve));
    await page.evaluate((wanted) => Object.assign(globalThis, { holdfastStopAt: wanted }), point);
    return async () => {
      await stopped;
      this.wanted = undefined;
    };
  }

  private async pass(route: Route): Promise<void> {
    const isChange = readSave(route.request()).updates.length > 0;
    const wanted = isChange ? this.wanted : undefined;
    if (wanted === 'request sent') return this.stopped();
    if (wanted !== 'answer held' && wanted !== 'answer there') return route.continue();
    const response = await route.fetch();
    if (wanted === 'answer there') await route.fulfill({ response });
    this.stopped();
  }
}

/** Runs in each page before its own scripts. */
function watch(): void {
  const writes = new WeakMap<IDBTransaction, Step>();
  const reach = (transaction: IDBTransaction, state: 'issued' | 'complete') => {
    const step = writes.get(transaction);
    const wanted = globalThis as { holdfastStopAt?: string };
    if (step === undefined || wanted.holdfastStopAt !== `${step} ${state}`) return;
    const request = new XMLHttpRequest();
    request.open('GET', '/holdfast-stopped', false);
    request.send();
  };
  const { transaction: make } = IDBDatabase.prototype;
  const { commit } = IDBTransaction.prototype;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const made = make.call(this, stores, mode, options);
    const steps: Record<string, Step> = { saved: 'save', positions: 'advance', 'bases,saved': 'compact' };
    const step = steps[[...made.objectStoreNames].join()];
    if (mode === 'readwrite' && step) writes.set(made, step);
    made.addEventListener('complete', () => reach(made, 'complete'));
    return made;
  };
  IDBTransaction.prototype.commit = function () {
    commit.call(this);
    reach(this, 'issued');
  };
  // The records are written in two ways.
  const { put, delete: remove } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
    if (this.name === 'records') writes.set(this.transaction, 'append');
    return put.call(this, value, key);
  };
  IDBObjectStore.prototype.delete = function (key) {
    if (this.name === 'records') writes.set(this.transaction, 'forget');
    return remove.call(this, key);
  };
}
