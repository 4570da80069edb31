import { type Locator, type Page, expect } from '@playwright/test';

/** The part of a session that shows its jobs. */
export class Jobs {
  constructor(private readonly page: Page) {}

  /** Goes there. */
  async show(): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'This session' })
      .getByRole('link', { name: /^Jobs/ })
      .click();
    await expect(this.page.getByRole('button', { name: 'Scan', exact: true })).toBeVisible();
  }

  /** Asks for a scan of a location; `folder` is chosen by its buttons, one after the other. */
  async scan(location: string, folder: string[] = [], duplicates = true): Promise<void> {
    await this.page.getByRole('button', { name: 'Scan', exact: true }).click();
    const form = this.page.getByRole('form', { name: 'Scan a location' });
    await form.getByLabel('Location').selectOption(location);
    for (const name of folder) await form.getByRole('button', { name, exact: true }).click();
    await form.getByRole('checkbox').setChecked(duplicates);
    await form.getByRole('button', { name: 'Start the scan' }).click();
    await expect(form).toBeHidden();
  }

  /** The card of a live one. */
  live(name: string): Locator {
    return this.page.getByRole('list', { name: 'Live jobs' }).getByRole('listitem').filter({ hasText: name });
  }

  /** The newest line of a finished one. */
  finished(name: string): Locator {
    return this.page
      .getByRole('region', { name: 'Finished' })
      .getByRole('listitem')
      .filter({ hasText: name })
      .first();
  }

  /** The number on the tab. */
  get count(): Locator {
    return this.page.getByRole('navigation', { name: 'This session' }).locator('.count');
  }
}
