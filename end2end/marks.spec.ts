import { Workspace } from './pages/workspace.ts';
import { anotherBrowser } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

// What somebody else changes in the text is marked where it is, for a moment.

test('[TAB-3] what another tab types is marked in its colour, and nothing stays behind', async ({
  workspace,
  context,
}) => {
  const { page, notes } = workspace;
  await workspace.type('Ferry at 15:00');
  await workspace.save();
  const beside = new Workspace(await context.newPage());
  await beside.open(`/s/${await workspace.sessionId()}`);
  const marks = page.locator('.document-mirror .peer-edit');
  await page.bringToFront();
  // They go after two seconds: each is looked at when it comes.
  const seen = marks.first().evaluate((mark: HTMLElement) => ({
    text: mark.textContent,
    peer: mark.dataset['peer'],
    colour: getComputedStyle(mark).backgroundColor,
  }));
  await beside.type(', bring the stove');
  expect((await seen).text).toMatch(/^[, bringthesov]+$/);
  expect((await seen).peer).toMatch(/^\d$/);
  expect((await seen).colour).not.toBe('rgba(0, 0, 0, 0)');
  await expect(notes).toHaveValue('Ferry at 15:00, bring the stove');
  await expect(marks).toHaveCount(0);
  // One's own typing is never marked.
  await workspace.type('.');
  await expect(beside.page.locator('.document-mirror .peer-edit')).toHaveText('.');
  await expect(marks).toHaveCount(0);
});

test("[TAB-3] what another device changed is marked, in no tab's colour", async ({ workspace, context }) => {
  await workspace.type('Ferry at 15:00');
  await workspace.save();
  const other = await anotherBrowser(context, await workspace.sessionId());
  await other.type(', stove');
  await other.save();
  const mark = workspace.page.locator('.document-mirror .peer-edit').first();
  const seen = mark.evaluate((mark: HTMLElement) => [mark.textContent, mark.dataset['peer']]);
  await workspace.page.evaluate(() => dispatchEvent(new Event('focus')));
  const [text, peer] = await seen;
  expect(', stove').toContain(text);
  expect(peer).toBeUndefined();
});
