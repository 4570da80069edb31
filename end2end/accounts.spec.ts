import type { Browser, Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { expect, test } from './support/test.ts';

const ada = 'ada@example.org';
const password = 'correct horse battery';

/** Another browser, with nothing in it. */
async function anotherBrowser(browser: Browser, url: string): Promise<Workspace> {
  const context = await browser.newContext({ baseURL: url });
  return Workspace.at(await context.newPage());
}

/** Another tab of the same browser. */
async function anotherTab(page: Page): Promise<Workspace> {
  return Workspace.at(await page.context().newPage());
}

test('[SEC-1] a guest registers, and a second browser signs in to the same session', async ({
  browser,
  server,
  workspace,
}) => {
  const id = await workspace.fill('Lofoten', 'Made as a guest.');
  await workspace.account.register(ada, password);
  await workspace.ready();
  expect(await workspace.sessionId()).toBe(id);
  await expect(workspace.notes).toHaveValue('Made as a guest.');
  await workspace.type(' And on.');
  await workspace.save();

  const second = await anotherBrowser(browser, server.url);
  await second.account.signIn(ada, password);
  await second.ready();
  await second.sessions.link('Lofoten').click();
  await expect(second.notes).toHaveValue('Made as a guest. And on.');
  await second.type(' From elsewhere.');
  await second.save();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('Made as a guest. And on. From elsewhere.');
});

test('[SEC-1] what was typed offline before registering is the account’s as well', async ({
  context,
  workspace,
}) => {
  await workspace.fill('Lofoten', 'Saved.');
  await context.setOffline(true);
  await workspace.type(' Not saved.');
  await workspace.shows('offline');
  await workspace.account.menu('Create an account');
  await workspace.account.field('Email address').fill(ada);
  await workspace.account.field('Password').fill(password);
  await workspace.page.getByRole('button', { name: 'Create the account' }).click();
  await expect(workspace.account.problem).toContainText('The server cannot be reached');
  // A form that failed keeps what was typed.
  await expect(workspace.account.field('Email address')).toHaveValue(ada);
  await context.setOffline(false);
  await workspace.page.getByRole('button', { name: 'Create the account' }).click();
  await workspace.account.is(ada);
  await workspace.ready();
  await workspace.shows('saved');
  await expect(workspace.notes).toHaveValue('Saved. Not saved.');
});

test('[SEC-1] a guest’s work is brought along to an account, or left to the guest', async ({
  browser,
  server,
  workspace,
}) => {
  await workspace.fill('At the office', 'The account’s.');
  await workspace.account.register(ada, password);

  const brings = await anotherBrowser(browser, server.url);
  await brings.fill('On the train', 'A guest’s.');
  await brings.account.signIn(ada, password, true);
  await brings.ready();
  await expect(brings.sessions.link('At the office')).toBeVisible();
  await brings.sessions.link('On the train').click();
  await expect(brings.notes).toHaveValue('A guest’s.');
  await brings.type(' Edited on.');
  await brings.save();

  const leaves = await anotherBrowser(browser, server.url);
  await leaves.fill('At the library', 'Another guest’s.');
  await leaves.account.signIn(ada, password, false);
  await leaves.ready();
  await expect(leaves.sessions.link('On the train')).toBeVisible();
  await expect(leaves.sessions.link('At the library')).toHaveCount(0);
  // The next guest of that browser has it.
  await leaves.account.signOut();
  await leaves.ready();
  await expect(leaves.sessions.link('At the library')).toBeVisible();
  await expect(leaves.sessions.link('On the train')).toHaveCount(0);
});

test('[TAB-7] signing out in one of three tabs signs out all, and nothing stays on the device', async ({
  page,
  workspace,
}) => {
  await workspace.fill('Lofoten', 'Planted.');
  await workspace.account.register(ada, password);
  await workspace.ready();
  const others = [await anotherTab(page), await anotherTab(page)];
  for (const other of others) await expect(other.notes).toHaveValue('Planted.');
  await others[0]?.type(' By another tab.');

  await workspace.account.signOut();
  for (const tab of [workspace, ...others]) {
    await tab.account.is('guest');
    await tab.ready();
    await expect(tab.notes).toHaveValue('');
    await expect(tab.sessions.link('Lofoten')).toHaveCount(0);
  }
  await expect
    .poll(() => kept(page), {
      message: 'what the browser keeps says nothing of the account',
      timeout: 30_000,
    })
    .not.toContain('Planted');

  // Everything was saved before.
  await workspace.account.signIn(ada, password);
  await workspace.ready();
  await workspace.sessions.link('Lofoten').click();
  await expect(workspace.notes).toHaveValue('Planted. By another tab.');
});

/** All that IndexedDB and localStorage hold, as text. */
async function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts = [JSON.stringify(localStorage)];
    for (const { name } of await indexedDB.databases()) {
      const open = indexedDB.open(name ?? '');
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        open.onsuccess = () => resolve(open.result);
        open.onerror = () => reject(open.error);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => (all.onsuccess = resolve));
        for (const value of all.result as unknown[]) {
          texts.push(value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value));
        }
      }
      database.close();
    }
    return texts.join('\n');
  });
}

test('[TAB-7] the next account on the same browser sees nothing of the one before', async ({ workspace }) => {
  await workspace.fill('Ada’s', 'Ada’s text.');
  await workspace.account.register(ada, password);
  await workspace.ready();
  await workspace.account.signOut();
  await workspace.ready();
  await workspace.account.register('ben@example.org', password);
  await workspace.ready();
  await expect(workspace.sessions.link('Ada’s')).toHaveCount(0);
  await workspace.fill('Ben’s', 'Ben’s text.');
  await workspace.account.signOut();
  await workspace.ready();
  await expect(workspace.sessions.link('Ben’s')).toHaveCount(0);
  await workspace.account.signIn(ada, password);
  await workspace.ready();
  await workspace.sessions.link('Ada’s').click();
  await expect(workspace.notes).toHaveValue('Ada’s text.');
  await expect(workspace.sessions.link('Ben’s')).toHaveCount(0);
});

test('[SEC-1] signing out without the server says so, and keeps on the device what is not saved', async ({
  server,
  workspace,
}) => {
  await workspace.fill('Lofoten', 'Saved.');
  await workspace.account.register(ada, password);
  await workspace.ready();
  // Saves fail, the rest is answered.
  await workspace.page.route('**/fn/save_context', (route) => route.abort());
  await workspace.type(' Not saved.');
  await workspace.account.menu('Sign out');
  const dialog = workspace.account.signOutDialog;
  await dialog.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(dialog).toContainText('Not everything is on the server yet', { timeout: 30_000 });
  await workspace.account.is(ada);
  await dialog.getByRole('button', { name: 'Keep it here and sign out' }).click();
  await workspace.account.is('guest');
  await workspace.ready();
  await expect(workspace.sessions.link('Lofoten')).toHaveCount(0);

  await workspace.page.unrouteAll({ behavior: 'wait' });
  await workspace.account.signIn(ada, password);
  await workspace.ready();
  await workspace.sessions.link('Lofoten').click();
  await expect(workspace.notes).toHaveValue('Saved. Not saved.');
  await workspace.save();

  await server.stop();
  await workspace.account.menu('Sign out');
  await dialog.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(dialog).toContainText('Not signed out. The server cannot answer right now.', {
    timeout: 30_000,
  });
  await server.start();
  await dialog.getByRole('button', { name: 'Sign out', exact: true }).click();
  await workspace.account.is('guest');
});

test('[SESS-1] signing out completes the session where that is wished', async ({ workspace }) => {
  await workspace.fill('Lofoten', 'Done.');
  await workspace.account.register(ada, password);
  await workspace.ready();
  await workspace.account.menu('Sign out');
  const dialog = workspace.account.signOutDialog;
  const complete = dialog.getByRole('checkbox', { name: 'Complete “Lofoten” as well' });
  await expect(complete).not.toBeChecked();
  await complete.check();
  await dialog.getByRole('button', { name: 'Sign out', exact: true }).click();
  await workspace.account.is('guest');
  await workspace.account.signIn(ada, password);
  await workspace.ready();
  const completed = workspace.page.getByRole('region', { name: /Completed/ });
  await expect(completed.getByRole('link', { name: 'Lofoten' })).toBeVisible();
});

test('[SEC-1] another password ends the other browser, which keeps what it had', async ({
  browser,
  server,
  workspace,
}) => {
  await workspace.fill('Lofoten', 'Here.');
  await workspace.account.register(ada, password);
  await workspace.ready();
  const second = await anotherBrowser(browser, server.url);
  await second.account.signIn(ada, password);
  await second.ready();
  await second.sessions.link('Lofoten').click();
  await expect(second.notes).toHaveValue('Here.');

  await workspace.account.menu('Account');
  await expect(workspace.page.getByText('this browser')).toBeVisible();
  await workspace.account.field('Password until now').fill('not it');
  await workspace.account.field('New password').fill('another long password');
  await workspace.page.getByRole('button', { name: 'Change the password' }).click();
  await expect(workspace.account.field('Password until now')).toBeFocused();
  await expect(workspace.page.getByText('This is not your password.')).toBeVisible();
  await workspace.account.field('Password until now').fill(password);
  await workspace.page.getByRole('button', { name: 'Change the password' }).click();
  await expect(workspace.notices).toContainText('The password is changed');

  await second.type(' There, unsaved.');
  await second.page.keyboard.press('Control+s');
  await second.shows('not_saved');
  await expect(second.bars).toContainText('signed out');
  await second.bars.getByRole('link', { name: 'Sign in' }).click();
  await second.account.field('Email address').fill(ada);
  await second.account.field('Password').fill('another long password');
  await second.page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await second.account.is(ada);
  await second.ready();
  await second.sessions.link('Lofoten').click();
  await expect(second.notes).toHaveValue('Here. There, unsaved.');
  await second.shows('saved');
});

test('[SEC-1] a lost device is signed out from another one', async ({ browser, server, workspace }) => {
  await workspace.fill('Lofoten', 'Here.');
  await workspace.account.register(ada, password);
  await workspace.ready();
  const lost = await anotherBrowser(browser, server.url);
  await lost.account.signIn(ada, password);
  await lost.ready();
  await workspace.account.menu('Account');
  const devices = workspace.page.getByRole('listitem').filter({ hasText: 'Linux' });
  await expect(devices).toHaveCount(2);
  await devices.getByRole('button', { name: /^Sign out/ }).click();
  await expect(workspace.notices).toContainText('Signed out there.');
  await expect(devices).toHaveCount(1);
  await lost.reload();
  await lost.account.is('guest');
  await expect(lost.sessions.link('Lofoten')).toHaveCount(0);
});

test('[SEC-6] a wrong password and an unknown address are refused with the same words', async ({
  workspace,
}) => {
  await workspace.account.register(ada, password);
  await workspace.ready();
  await workspace.account.signOut();
  await workspace.ready();
  for (const [email, given] of [
    [ada, 'not the password'],
    ['nobody@example.org', password],
  ] as const) {
    await workspace.account.trySignIn(email, given);
    await expect(workspace.account.problem).toHaveText('The email address or the password is wrong.');
    await expect(workspace.account.field('Email address')).toHaveValue(email);
  }
});

test('[SEC-7] what happened to the account can be read and filtered', async ({ workspace }) => {
  await workspace.account.register(ada, password);
  await workspace.ready();
  await workspace.account.signOut();
  await workspace.ready();
  await workspace.account.trySignIn(ada, 'not the password');
  await expect(workspace.account.problem).toBeVisible();
  await workspace.account.field('Password').fill(password);
  await workspace.page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await workspace.account.is(ada);
  await workspace.account.menu('Account');
  await workspace.page.getByRole('link', { name: 'Read the log' }).click();
  const entries = workspace.page.locator('.audit').getByRole('listitem');
  // Sessions that came into being meanwhile are among them.
  for (const told of ['Account created', 'Signed out', 'Wrong password', 'Signed in']) {
    await expect(entries.filter({ hasText: told })).toHaveCount(1);
  }
  await expect(entries.filter({ hasText: 'Signed in' })).toContainText('Linux');
  await workspace.page.getByLabel('What').selectOption('Account created');
  await expect(entries).toHaveCount(1);
  await expect(entries).toContainText('Today');
});

test('[SEC-1] deleting the account signs out everywhere, and signing in again keeps it', async ({
  workspace,
}) => {
  await workspace.fill('Lofoten', 'Kept.');
  await workspace.account.register(ada, password);
  await workspace.ready();
  await workspace.account.menu('Account');
  await workspace.page.getByText('Delete it with everything in it…').click();
  await workspace.account.field('Your password').fill(password);
  await workspace.page.getByRole('button', { name: 'Delete my account' }).click();
  await workspace.account.is('guest');
  await workspace.ready();
  await expect(workspace.sessions.link('Lofoten')).toHaveCount(0);

  await workspace.account.trySignIn(ada, password);
  await expect(workspace.account.problem).toContainText('is going to be deleted');
  await workspace.page.getByRole('checkbox', { name: /^Keep the account/ }).check();
  await workspace.page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await workspace.account.is(ada);
  await workspace.ready();
  await workspace.sessions.link('Lofoten').click();
  await expect(workspace.notes).toHaveValue('Kept.');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('[UX-4] accounts are created, signed out of and signed in to by forms alone', async ({ page }) => {
    await page.goto('/register');
    await page.getByLabel('Email address').fill(ada);
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await expect(page.getByText('A password has 8 to 256 characters.')).toBeVisible();
    await page.getByLabel('Email address').fill(ada);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await expect(page.getByRole('link', { name: ada })).toBeVisible();

    await page.goto('/sign-in');
    await page.getByLabel('Email address').fill(ada);
    await page.getByLabel('Password').fill('not the password');
    await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('The email address or the password is wrong.')).toBeVisible();
  });
});
