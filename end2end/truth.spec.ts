import { expect, test } from './support/test.ts';

// A record that notices nothing would let every test of a fault pass: here an indicator lies.

test('[CTX-7] the record of these tests notices a Saved that is not so, though it is saved later', async ({
  workspace,
  context,
  truth,
}) => {
  const { page, indicator, notes } = workspace;
  const session = await workspace.sessionId();
  await workspace.type('saved; ');
  await workspace.save();
  // From here on the page goes on with another indicator than the one that is seen.
  await indicator.evaluate((shown) => shown.replaceWith(shown.cloneNode(true)));
  const refuse = page.waitForRequest('**/fn/save_context');
  await page.route('**/fn/save_context', (route) => route.fulfill({ status: 503 }));
  await workspace.type('not saved; ');
  await page.keyboard.press('Control+s');
  await refuse;
  await page.unrouteAll({ behavior: 'wait' });
  await page.reload();
  await workspace.ready();
  await workspace.save();
  await expect(notes).toHaveValue('saved; not saved; ');
  await expect(truth.confirm(context, session, [workspace])).rejects.toThrow('shown as saved and not there');
});
