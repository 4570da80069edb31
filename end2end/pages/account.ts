import { type Locator, type Page, expect } from '@playwright/test';

/** The account of a page: signing in and out, and what stands on the account's own page. */
export class Account {
  constructor(private readonly page: Page) {}

  /** The button in the top line, which says who it is. */
  get button(): Locator {
    return this.page.getByRole('button', { name: /^Account/ });
  }

  /** Waits until the page is of this address, or of a guest. */
  async is(who: string): Promise<void> {
    await expect(this.button).toHaveAccessibleName(`Account: ${who}`);
  }

  /** Chooses in the account's menu. */
  async menu(item: string): Promise<void> {
    await this.button.click();
    const menu = this.page.getByRole('group', { name: 'Account' });
    await menu.locator('a, button').filter({ hasText: item }).click();
  }

  field(name: string): Locator {
    return this.page.getByLabel(name, { exact: true });
  }

  /** What is wrong with the form as a whole. */
  get problem(): Locator {
    return this.page.locator('.form-problem');
  }

  private async fill(email: string, password: string): Promise<void> {
    await this.field('Email address').fill(email);
    await this.field('Password').fill(password);
  }

  /** Creates an account from the menu, and waits until the page is its own. */
  async register(email: string, password: string): Promise<void> {
    await this.menu('Create an account');
    await this.fill(email, password);
    await this.page.getByRole('button', { name: 'Create the account' }).click();
    await this.is(email);
  }

  /** Fills the form and sends it; `bring` ticks or unticks what the guest made. */
  async trySignIn(email: string, password: string, bring?: boolean): Promise<void> {
    await this.menu('Sign in');
    await this.fill(email, password);
    if (bring !== undefined) {
      await this.page.getByRole('checkbox', { name: 'Bring along what I made here' }).setChecked(bring);
    }
    await this.page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  }

  /** Signs in from the menu, and waits until the page is the account's. */
  async signIn(email: string, password: string, bring?: boolean): Promise<void> {
    await this.trySignIn(email, password, bring);
    await this.is(email);
  }

  /** Signs out from the menu, and waits until the page is a guest's. */
  async signOut(): Promise<void> {
    await this.menu('Sign out');
    await this.signOutDialog.getByRole('button', { name: 'Sign out', exact: true }).click();
    await this.is('guest');
  }

  get signOutDialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Sign out of this browser?' });
  }
}
