import { type BrowserContext, type Page, expect } from '@playwright/test';

/** Whatever a page of this browser does after just so long never comes. */
export async function neverAfter(context: BrowserContext, milliseconds: number): Promise<void> {
  await context.addInitScript((never) => {
    const real = globalThis.setTimeout;
    const filtered = (run: TimerHandler, after?: number, ...rest: unknown[]) =>
      after === never ? 0 : real(run, after, ...rest);
    globalThis.setTimeout = filtered as typeof setTimeout;
  }, milliseconds);
}

/** The clock of a page, which stands still unless it is told to go: no timer can be what did something. */
export class StoppedClock {
  private constructor(private readonly page: Page) {}

  /** To be called before the page loads. The clock goes until it is stopped. */
  static async install(page: Page): Promise<StoppedClock> {
    await page.clock.install();
    return new StoppedClock(page);
  }

  async stop(): Promise<void> {
    // On a busy machine a second may pass between the two; the clock stands then, and goes on to the next moment.
    await expect(async () => this.page.clock.pauseAt((await this.now()) + 1_000)).toPass();
  }

  /** The time of day stands still; timers ring all the same. What waits for a moment of the day never comes. */
  async hold(): Promise<void> {
    await this.page.clock.setFixedTime(await this.now());
  }

  /** Lets it go again, also where the page is closed: all pages of a context have one clock. */
  async go(): Promise<void> {
    await this.page.context().clock.resume();
  }

  /** Lets so much time pass, with every timer in it. */
  async run(milliseconds: number): Promise<void> {
    await this.page.clock.runFor(milliseconds);
  }

  async now(): Promise<number> {
    return this.page.evaluate(() => Date.now());
  }
}
