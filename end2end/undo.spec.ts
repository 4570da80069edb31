import { Workspace } from './pages/workspace.ts';
import { StoppedClock } from './support/clock.ts';
import { expect, test } from './support/test.ts';

test('[CTX-9] one undo takes back what was typed in one go, and nothing before it', async ({ page }) => {
  // However slowly the keys come, they are one go; only what is told to pass makes two of it.
  const clock = await StoppedClock.install(page);
  const workspace = new Workspace(page);
  const { notes } = workspace;
  await workspace.open();
  await clock.stop();
  await workspace.type('An hour of work.');
  await clock.run(600);
  await workspace.type(' And a slip');
  await page.keyboard.press('Control+z');
  await expect(notes).toHaveValue('An hour of work.');
  await page.keyboard.press('Control+z');
  await expect(notes).toHaveValue('');
  await page.keyboard.press('Control+Shift+z');
  await expect(notes).toHaveValue('An hour of work.');
  await page.keyboard.press('Control+Shift+z');
  await expect(notes).toHaveValue('An hour of work. And a slip');
});

test('[CTX-9] an undo leaves what another tab wrote', async ({ workspace, context }) => {
  const session = await workspace.sessionId();
  // One edit, however slow the machine is.
  await workspace.notes.fill('mine');
  const other = await Workspace.at(await context.newPage(), `/s/${session}`);
  await expect(other.notes).toHaveValue('mine');
  await other.type(' theirs');
  await expect(workspace.notes).toHaveValue('mine theirs');
  await workspace.notes.focus();
  await workspace.page.keyboard.press('Control+z');
  await expect(workspace.notes).toHaveValue(' theirs');
  await expect(other.notes).toHaveValue(' theirs');
});
