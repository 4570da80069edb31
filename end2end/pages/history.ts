import { type Locator, type Page, expect } from '@playwright/test';

/** The page of all snapshots. */
export class History {
  constructor(private readonly page: Page) {}

  get all(): Locator {
    return this.page.getByRole('main').getByRole('listitem');
  }

  /** The newest with this name. */
  named(name: string): Locator {
    return this.all.filter({ hasText: name }).first();
  }

  /** Takes one with a name; returns when it is in the list. */
  async take(name: string): Promise<void> {
    const form = this.page.getByRole('main');
    await form.getByRole('textbox', { name: 'Name of the snapshot' }).fill(name);
    await form.getByRole('button', { name: 'Take one' }).click();
    await expect(this.named(name)).toBeVisible();
  }
}
