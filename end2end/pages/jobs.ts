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

  /** Asks for files to be copied; `policy` is what becomes of a file that is there. */
  async copy(
    [from, to]: [string, string],
    { policy = 'Leave it as it is', folder = '', tryOnly = false } = {},
  ): Promise<void> {
    await this.page.getByRole('button', { name: 'Copy files', exact: true }).click();
    const form = this.page.getByRole('form', { name: 'Copy files' });
    const source = form.getByRole('group', { name: 'From' });
    const target = form.getByRole('group', { name: 'To', exact: true });
    await source.getByLabel('Location').selectOption(from);
    await target.getByLabel('Location').selectOption(to);
    await target.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await form.getByRole('radio', { name: policy }).check();
    await form.getByRole('checkbox').setChecked(tryOnly);
    await form.getByRole('button', { name: 'Start copying' }).click();
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
