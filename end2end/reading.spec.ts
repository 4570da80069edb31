import { Workspace } from './pages/workspace.ts';
import { expect, test } from './support/test.ts';

test('[UX-4] without JavaScript the page shows the name, the text and the fields', async ({
  baseURL,
  browser,
  context,
  workspace,
}) => {
  await workspace.name.fill('Lofoten & <back>');
  await workspace.name.press('Enter');
  await workspace.type('Ferry at 15:00\n</textarea> is text');
  await workspace.fields.add('Budget, EUR', 'Number');
  await workspace.fields.input('Budget, EUR').fill('2400');
  await workspace.fields.add('Vegetarian', 'Checkbox');
  await workspace.fields.input('Vegetarian').check();
  await workspace.fields.add('Huts', 'JSON');
  await workspace.fields.input('Huts').fill('{"beds": 4}');
  await workspace.save();
  const first = await workspace.sessionId();
  await workspace.sessions.create();
  await expect(workspace.page).not.toHaveURL(new RegExp(first));
  await workspace.type('Another one');
  await workspace.save();

  const reader = await browser.newContext({ javaScriptEnabled: false, ...(baseURL ? { baseURL } : {}) });
  await reader.addCookies(await context.cookies());
  const page = await reader.newPage();
  await page.goto(`/s/${first}`);
  const read = new Workspace(page);
  // Roles and texts are not looked for inside of noscript.
  const rest = page.locator('.bars noscript');
  await expect(rest.locator('.noscript-notice')).toBeVisible();
  await expect(rest.locator('dt')).toHaveText(['Budget, EUR', 'Vegetarian', 'Huts']);
  await expect(rest.locator('dd')).toHaveText(['2400', 'Yes', '{"beds":4}']);
  await expect(read.name).toHaveValue('Lofoten & <back>');
  await expect(read.notes).toHaveValue('Ferry at 15:00\n</textarea> is text');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Lofoten & <back>');
  // Nothing is said that is not known, and nothing waits for what never comes.
  await expect(read.indicator).toBeHidden();
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
  for (const wrong of ['This is your first session', 'No session is called that', 'None yet']) {
    await expect(page.getByText(wrong)).toHaveCount(0);
  }
  await rest.locator('a', { hasText: 'Untitled' }).click();
  await expect(read.notes).toHaveValue('Another one');
  await page.goto('/');
  await expect(read.notes).toHaveValue('Another one');
  await reader.close();
});

test('[CTX-9] the example page keeps what is written there, like any page of somebody else', async ({
  context,
  page,
}) => {
  const open = async (tab: typeof page) => {
    await tab.goto('/example');
    await expect(tab.getByRole('main')).toHaveAttribute('data-ready', 'true');
  };
  const items = (tab: typeof page) => tab.getByLabel('What to buy');
  await open(page);
  await items(page).pressSequentially('Bread');
  await page.getByLabel('For how many people?').fill('4');
  await page.getByRole('button', { name: 'Tick off' }).click();
  await expect(page.getByText('Ticked off')).toBeVisible();
  const whole = page.getByTestId('context');
  await expect(whole).toHaveText('{ "done": true, "items": "Bread", "people": 4 }');
  await expect(page.getByTestId('last-change')).toContainText('/done');
  await page.getByRole('button', { name: 'Save now' }).click();
  await expect(page.getByTestId('status')).toHaveText('Saved');

  await open(page);
  await expect(items(page)).toHaveValue('Bread');
  await expect(page.getByLabel('For how many people?')).toHaveValue('4');

  const beside = await context.newPage();
  await open(beside);
  await items(beside).press('End');
  await items(beside).pressSequentially(', milk');
  await expect(items(page)).toHaveValue('Bread, milk');
  await expect(page.getByTestId('last-change')).toHaveText(/^OtherTab:.*\/items/);

  await page.getByRole('button', { name: 'Take a snapshot' }).click();
  await items(page).fill('Nothing');
  await page.getByRole('button', { name: 'Restore it' }).click();
  for (const tab of [page, beside]) await expect(items(tab)).toHaveValue('Bread, milk');
  await expect(page.getByTestId('last-change')).toHaveText(/^Restore:/);
  await items(page).press('End');
  await items(page).pressSequentially(', tea');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(items(page)).not.toHaveValue('Bread, milk, tea');
});

test('[CTX-9] the example page works while the server is away', async ({ page, server }) => {
  await page.goto('/example');
  await expect(page.getByRole('main')).toHaveAttribute('data-ready', 'true');
  await server.kill();
  await page.getByLabel('What to buy').pressSequentially('Bread');
  await page.getByRole('button', { name: 'Save now' }).click();
  await expect(page.getByTestId('status')).toHaveText('Offline - on this device');
  await server.start();
  await expect(page.getByTestId('status')).toHaveText('Saved', { timeout: 40_000 });
  await page.reload();
  await expect(page.getByLabel('What to buy')).toHaveValue('Bread');
});
