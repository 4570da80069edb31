import type { BrowserContext, Page } from '@playwright/test';

import type { Workspace } from '../pages/workspace.ts';

/** The lock of the leading tab as a page got it. */
export interface Lead {
  /** From another tab, which still had it. */
  stolen: boolean;
  /** How long after Ctrl+S was pressed in it. */
  waitedMs: number;
  atMs: number;
}

/** Every lead that pages of a context got. To be called before the first page loads. */
export async function recordLeads(context: BrowserContext) {
  const all = new Map<Page, Lead[]>();
  const of = ({ page }: Workspace) => all.get(page) ?? [];
  await context.exposeBinding('holdfastLeads', ({ page }, lead: Lead) => {
    all.set(page, [...(all.get(page) ?? []), lead]);
  });
  await context.addInitScript(() => {
    let askedAtMs = 0;
    addEventListener(
      'keydown',
      ({ key, ctrlKey, timeStamp }) => {
        if (ctrlKey && key === 's') askedAtMs = timeStamp;
      },
      { capture: true },
    );
    const { request } = LockManager.prototype;
    const watched = function (
      this: LockManager,
      name: string,
      options: LockOptions,
      callback: LockGrantedCallback<unknown>,
    ) {
      return request.call(this, name, options, (lock) => {
        if (name.startsWith('holdfast.lead.')) {
          const { holdfastLeads: tell } = globalThis as unknown as {
            holdfastLeads(lead: object): Promise<void>;
          };
          const waitedMs = performance.now() - askedAtMs;
          void tell({ stolen: options.steal === true, waitedMs, atMs: Date.now() });
        }
        return callback(lock);
      });
    };
    LockManager.prototype.request = watched as typeof request;
  });
  return { of };
}
