import type { Page } from '@playwright/test';

/** Ways in which a browser refuses its database to a page: scripts to run before the page's own. */
export const databases = {
  'is missing': () => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
  },
  throws: () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
  },
  fails: () => {
    const { open } = IDBFactory.prototype;
    // A version below the present one is an error.
    IDBFactory.prototype.open = function (name) {
      open.call(this, `${name}-newer`, 2);
      return open.call(this, `${name}-newer`, 1);
    };
  },
  'never answers': () => {
    const { open } = IDBFactory.prototype;
    // Whoever listens first hears it alone.
    const keep = (event: Event) => event.stopImmediatePropagation();
    IDBFactory.prototype.open = function (name) {
      const request = open.call(this, `${name}-silent`);
      for (const event of ['success', 'error']) request.addEventListener(event, keep);
      return request;
    };
  },
};

/** As one of `databases`, for the next load of `page`, until the answer is called: then it works. */
export async function breakForAWhile(page: Page, how: keyof typeof databases): Promise<() => Promise<void>> {
  await page.addInitScript(`{
    const { open } = IDBFactory.prototype;
    globalThis.holdfastMend = () => (IDBFactory.prototype.open = open);
    (${databases[how].toString()})();
  }`);
  return () =>
    page.evaluate(() => void (globalThis as unknown as { holdfastMend(): unknown }).holdfastMend());
}

/** No localStorage either: its very access is refused, as where all site data is. */
export async function withoutLocalStorage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get: () => {
        throw new DOMException('Access is denied.', 'SecurityError');
      },
    });
  });
}

/** Lets everything of the page's origin take at most so many bytes; `undefined`: as before. */
export async function setQuota(page: Page, bytes: number | undefined): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  const quota = bytes === undefined ? {} : { quotaSize: bytes };
  await session.send('Storage.overrideQuotaForOrigin', { origin, ...quota });
}

/** Deletes the databases of the page's origin, as clearing the site's data does. */
export async function clearDatabases(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await session.detach();
}

/** What localStorage holds of the journal. */
export async function localRecords(page: Page): Promise<number> {
  return page.evaluate(
    () => Object.keys(localStorage).filter((key) => key.startsWith('holdfast.record.')).length,
  );
}
