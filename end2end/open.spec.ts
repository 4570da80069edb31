import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

test('[SEC-1] the first visit opens a session that can be typed into', async ({ workspace }) => {
  await expect(workspace.page).toHaveTitle(/Holdfast/);
  await expect(workspace.notes).toBeEditable();
  await workspace.type('Night train to Bodø');
  await expect(workspace.notes).toHaveValue('Night train to Bodø');
});

test('[CTX-5] what is typed is saved and is there after a reload', async ({ workspace, saves }) => {
  await workspace.type('Two nights in Reine');
  await workspace.save();
  await expect.poll(() => saves.changes.length).toBeGreaterThan(0);
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('Two nights in Reine');
});

test('[UX-2] without JavaScript the page can be read and says what needs it', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL ? { baseURL } : {}) });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.locator('.noscript-notice')).toBeVisible();
  await context.close();
});

test('[UX-2] axe finds nothing serious in either theme', async ({ workspace }) => {
  await workspace.type('Something');
  await expectAccessible(workspace.page);
});
