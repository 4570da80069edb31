import type { Page } from '@playwright/test';

/** A tab of another build, which has the journal's database open in its own layout. */
export class OtherBuild {
  private constructor(private readonly page: Page) {}

  /** In `page`, which must be of the server's origin and not run the app. Waits until the database is open. */
  static async open(page: Page, layout: { version: number; polite: boolean }): Promise<OtherBuild> {
    await page.evaluate(open, layout);
    return new OtherBuild(page);
  }

  /** Closes the database, as closing its tab does. */
  async leave(): Promise<void> {
    await this.page.close();
  }
}

/** Runs in the page; so it has to be whole in itself. One that is not polite stays though others wait for it. */
async function open({ version, polite }: { version: number; polite: boolean }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open('holdfast-first', version);
    request.onupgradeneeded = () => request.result.createObjectStore(`layout ${version}`);
    request.onsuccess = () => {
      const database = request.result;
      // Not to be collected with the function.
      Object.assign(globalThis, { holdfastOther: database });
      if (polite) database.onversionchange = () => database.close();
      resolve();
    };
    request.onerror = () => reject(request.error);
  });
}

/** In pages that load from now on the app asks for its database in the next layout, as a newer build does. */
export async function askForNextLayout(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (name, version) {
      return version === undefined ? open.call(this, name) : open.call(this, name, version + 1);
    };
  });
}
