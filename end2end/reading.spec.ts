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
