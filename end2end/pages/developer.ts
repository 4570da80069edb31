import { type Locator, type Page, expect } from '@playwright/test';

/** The controls for developers. */
export class Developer {
  constructor(private readonly page: Page) {}

  get dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Developer controls' });
  }

  /** What the page says of what is switched on. */
  get bar(): Locator {
    return this.page.locator('.bar[data-code="developer"]');
  }

  /** Opens them by the palette. */
  async open(): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.type('developer');
    await this.page.keyboard.press('Enter');
    await expect(this.dialog).toBeVisible();
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await expect(this.dialog).toBeHidden();
  }

  /** Switches something on or off, and goes back to the work. */
  async set(name: string, on: boolean): Promise<void> {
    await this.open();
    await this.dialog.getByRole('checkbox', { name }).setChecked(on);
    await this.close();
  }

  /** What one place holds. */
  kept(place: 'IndexedDB' | 'localStorage' | 'Memory'): Locator {
    return this.dialog.locator(`[data-testid="kept"][data-tier="${place}"]`);
  }
}
