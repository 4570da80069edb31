import { type Locator, type Page, expect } from '@playwright/test';

/** Snapshots: the short list in the right column, the preview, and what follows a restore. */
export class Snapshots {
  constructor(private readonly page: Page) {}

  get list(): Locator {
    return this.page
      .getByRole('complementary')
      .getByRole('region', { name: 'Snapshots' })
      .getByRole('listitem');
  }

  /** The newest with this name. */
  named(name: string): Locator {
    return this.list.filter({ hasText: name }).first();
  }

  /** Takes one of the session as it is; returns when it is in the list. */
  async take(): Promise<void> {
    const before = await this.list.count();
    await this.page.getByRole('complementary').getByRole('button', { name: 'Take one' }).click();
    // The short list ends at five.
    await expect(this.list).toHaveCount(Math.min(before + 1, 5));
  }

  /** Opens the preview of the newest snapshot, or of the newest with this name. */
  async preview(name?: string): Promise<Locator> {
    const snapshot = name === undefined ? this.list.first() : this.named(name);
    await snapshot.getByRole('button', { name: /^Restore/ }).click();
    return this.page.getByRole('dialog', { name: /^Restore/ });
  }

  /** Previews and restores; a notice with Undo is there when it returns. */
  async restore(name?: string): Promise<void> {
    const preview = await this.preview(name);
    await preview.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(preview).toBeHidden();
    await expect(this.undo).toBeVisible();
  }

  /** In the notice after a restore, the newest: that of the one before may still be there. */
  get undo(): Locator {
    const notices = this.page.getByRole('region', { name: 'Notices' }).getByRole('status');
    return notices.filter({ hasText: 'Restored to' }).getByRole('button', { name: 'Undo' }).last();
  }
}
