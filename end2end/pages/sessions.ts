import type { Locator, Page } from '@playwright/test';

/** The list of sessions on the left. */
export class Sessions {
  constructor(private readonly page: Page) {}

  get list(): Locator {
    return this.page.getByRole('navigation', { name: 'Sessions' });
  }

  link(name: string): Locator {
    return this.list.getByRole('link', { name });
  }

  async create(): Promise<void> {
    await this.list.getByRole('button', { name: 'New session' }).click();
  }

  async open(name: string): Promise<void> {
    await this.link(name).click();
  }

  async search(text: string): Promise<void> {
    await this.list.getByRole('searchbox').fill(text);
  }

  /** Chooses in a session's menu. */
  async menu(name: string, item: string | RegExp): Promise<void> {
    await this.list.getByRole('button', { name: `Actions for ${name}` }).click();
    await this.page.getByRole('group', { name, exact: true }).getByRole('button', { name: item }).click();
  }
}
