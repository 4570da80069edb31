import { type Locator, type Page, expect } from '@playwright/test';

import type { State } from '../support/indicator.ts';
import { Account } from './account.ts';
import { Fields } from './fields.ts';
import { History } from './history.ts';
import { Sessions } from './sessions.ts';
import { Snapshots } from './snapshots.ts';

/** The page of one session: what a person finds on it, by the names the person sees or hears. */
export class Workspace {
  readonly account: Account;
  readonly fields: Fields;
  readonly history: History;
  readonly sessions: Sessions;
  readonly snapshots: Snapshots;

  constructor(readonly page: Page) {
    this.account = new Account(page);
    this.fields = new Fields(page);
    this.history = new History(page);
    this.sessions = new Sessions(page);
    this.snapshots = new Snapshots(page);
  }

  /** A page that is opened at a place, and can be worked in. */
  static async at(page: Page, path = '/'): Promise<Workspace> {
    const workspace = new Workspace(page);
    await workspace.open(path);
    return workspace;
  }

  /** Opens a place and waits until it can be worked in. `/` opens the session that is recovered, or a new one. */
  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.ready();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Hydrated, and the session's content is there. */
  async ready(): Promise<void> {
    await expect(this.page.locator('.shell')).toHaveAttribute('data-ready', 'true');
    await expect(this.indicator).not.toHaveAttribute('data-state', 'starting');
  }

  get indicator(): Locator {
    return this.page.getByTestId('save-indicator');
  }

  /** Waits until the indicator shows one of these. */
  async shows(...states: State[]): Promise<void> {
    const either = states.flatMap((state) => [state, state.replaceAll('_', '-')]).join('|');
    await expect(this.indicator).toHaveAttribute('data-state', new RegExp(`^(${either})$`));
  }

  /** Saves at once, as Ctrl+S does, and waits until the server has everything. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
    await this.shows('saved');
  }

  /** The long text. */
  get notes(): Locator {
    return this.page.getByRole('textbox', { name: 'Text', exact: true });
  }

  /** Types at the end of the long text, key by key. */
  async type(text: string): Promise<void> {
    await this.notes.focus();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text);
  }

  /** Names the open session and saves a text in it; returns its id when it is in the list. */
  async fill(name: string, text: string): Promise<string> {
    await this.name.fill(name);
    await this.name.press('Enter');
    await this.type(text);
    await this.save();
    await expect(this.sessions.link(name)).toBeVisible();
    return this.sessionId();
  }

  /** The session's id, from the address; waits until it is there. */
  async sessionId(): Promise<string> {
    await expect(this.page).toHaveURL(/\/s\/[0-9a-f-]{36}/);
    return /\/s\/([0-9a-f-]{36})/.exec(this.page.url())?.[1] ?? '';
  }

  get name(): Locator {
    return this.page.getByRole('textbox', { name: 'Session name' });
  }

  /** The detail behind the indicator. */
  async whereMyWorkIs(): Promise<Locator> {
    await this.indicator.click();
    const detail = this.page.getByRole('group', { name: 'Where your work is' });
    await expect(detail).toBeVisible();
    return detail;
  }

  /** What a screen reader says of it, politely. */
  get announced(): Locator {
    return this.page.locator('[role="status"][aria-live="polite"][data-save-status]');
  }

  /** Bars over the work: offline, warnings. */
  get bars(): Locator {
    return this.page.locator('.bars');
  }

  get notices(): Locator {
    return this.page.getByRole('region', { name: 'Notices' });
  }

  /** The open tabs and people, in the right column. */
  get presence(): Locator {
    return this.page
      .getByRole('complementary')
      .getByRole('region', { name: 'People and tabs' })
      .getByRole('listitem');
  }

  /** One of the session's own tabs: Notes, History. */
  async goTo(tab: 'Notes' | 'History'): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'This session' })
      .getByRole('link', { name: tab })
      .click();
  }

  async chooseTheme(theme: 'Light' | 'Dark' | 'Like the system'): Promise<void> {
    await this.page
      .getByRole('button', { name: /^Theme/ })
      .first()
      .click();
    await this.page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: theme }).click();
  }

  /** Chooses in the session's own menu. */
  async menu(item: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: 'Session actions' }).click();
    await this.page
      .getByRole('group', { name: 'Session actions' })
      .getByRole('button', { name: item })
      .click();
  }
}
