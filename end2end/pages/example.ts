import { type Locator, type Page, expect } from '@playwright/test';

/** `/example`: a page that uses the session layer as somebody else's would. */
export class Example {
  constructor(readonly page: Page) {}

  /** `query` as in `?sync_on_mount=false`. */
  async open(query = ''): Promise<void> {
    await this.page.goto(`/example${query}`);
    await this.ready();
  }

  /** The session may be edited. */
  async ready(): Promise<void> {
    await expect(this.main).toHaveAttribute('data-ready', 'true');
  }

  get main(): Locator {
    return this.page.getByRole('main');
  }

  get items(): Locator {
    return this.page.getByLabel('What to buy');
  }

  get people(): Locator {
    return this.page.getByLabel('For how many people?');
  }

  /** What is shared with all sessions. */
  get diet(): Locator {
    return this.page.getByLabel('What nobody eats');
  }

  get mission(): Locator {
    return this.page.getByLabel('Mission', { exact: true });
  }

  get name(): Locator {
    return this.page.getByLabel('Name', { exact: true });
  }

  get status(): Locator {
    return this.page.getByTestId('save-indicator');
  }

  get state(): Locator {
    return this.page.getByTestId('state');
  }

  get context(): Locator {
    return this.page.getByTestId('context');
  }

  /** Its origin and its paths. */
  get lastChange(): Locator {
    return this.page.getByTestId('last-change');
  }

  /** One of the list of sessions. */
  session(name: string): Locator {
    return this.page
      .getByRole('list', { name: 'All sessions' })
      .getByRole('button', { name, exact: true })
      .first();
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Writes at the end of the list, and waits until the server has it. */
  async write(text: string): Promise<void> {
    await this.items.press('Control+End');
    await this.items.pressSequentially(text);
    await this.save();
  }

  async save(): Promise<void> {
    await this.press('Save now');
    await expect(this.status).toHaveText('Saved');
  }

  /** Makes another session, where this one has a list; it is open when it returns. */
  async another(): Promise<void> {
    await this.press('Make another');
    await expect(this.items).toHaveValue('');
    await this.ready();
  }

  /** Switches to another session. */
  async go(name: string): Promise<void> {
    await this.session(name).click();
    await expect(this.session(name)).toHaveAttribute('aria-current', 'true');
    await this.ready();
  }
}
