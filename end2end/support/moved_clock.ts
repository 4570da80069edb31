import type { BrowserContext, Page } from '@playwright/test';

/**
 * Lets the clock of every page of this browser be wrong, as that of a computer that was set wrong: what time it
 * is, and not how fast it goes. To be called before the first page loads.
 */
export async function moveBrowserClock(context: BrowserContext, offsetMs: number): Promise<void> {
  await context.addInitScript((offset) => {
    const moved = { offset };
    const Right = Date;
    const wrong = (right: number) => right + moved.offset;
    globalThis.Date = class extends Right {
      constructor(...given: [] | [number]) {
        if (given.length === 0) super(wrong(Right.now()));
        else super(...given);
      }
      static override now() {
        return wrong(Right.now());
      }
    } as DateConstructor;
    Object.assign(globalThis, { holdfastMoved: moved });
  }, offsetMs);
}

/** Sets it anew in a page that runs. */
export async function setBrowserClock(page: Page, offsetMs: number): Promise<void> {
  await page.evaluate((offset) => {
    (globalThis as unknown as { holdfastMoved: { offset: number } }).holdfastMoved.offset = offset;
  }, offsetMs);
}
